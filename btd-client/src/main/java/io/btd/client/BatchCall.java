// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.Batch;
import io.btd.api.BtdException;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One call of a batch, and what became of it. Made and read by the batch's user; settled once, by any thread,
/// before [Batch#run] returns.
final class BatchCall<T> implements Batch.Result<T> {
    private final Request request;
    private final Function<Response, T> take;
    private final Supplier<CompletableFuture<T>> alone;
    private final @Nullable MemorySegment stored;

    private volatile boolean settled;
    private @Nullable T value;
    private @Nullable RuntimeException error;

    /// A call.
    ///
    /// @param take makes the result from the answer while its bytes are valid
    /// @param alone makes the call by itself
    /// @param stored bytes that may name blocks of other nodes, null for none
    BatchCall(
            Request request,
            Function<Response, T> take,
            Supplier<CompletableFuture<T>> alone,
            @Nullable MemorySegment stored) {
        this.request = request;
        this.take = take;
        this.alone = alone;
        this.stored = stored;
    }

    Request request() {
        return request;
    }

    /// Bytes that the call stores and that may name blocks of other nodes, or null.
    @Nullable
    MemorySegment stored() {
        return stored;
    }

    boolean isSettled() {
        return settled;
    }

    /// Makes the call by itself; what becomes of it is this call's result.
    CompletableFuture<?> makeAlone() {
        CompletableFuture<T> made;
        try {
            made = alone.get();
        } catch (RuntimeException refused) {
            fail(refused);
            return CompletableFuture.allOf();
        }
        return made.handle((result, failure) -> {
            if (failure == null) {
                succeed(result);
            } else {
                fail(failure);
            }
            return Answers.nothing();
        });
    }

    /// It was answered.
    void answer(Response response) {
        if (response instanceof Response.Failed(BtdException refused)) {
            fail(refused);
            return;
        }
        try {
            succeed(take.apply(response));
        } catch (RuntimeException refused) {
            fail(refused);
        }
    }

    private void succeed(T result) {
        value = result;
        settled = true;
    }

    /// It failed.
    void fail(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        error = cause instanceof RuntimeException known ? known : new CompletionException(cause);
        settled = true;
    }

    @Override
    @SuppressWarnings("NullAway") // null is the result of calls that have none
    public T get() {
        if (!settled) {
            throw new IllegalStateException("the batch has not run");
        }
        if (error != null) {
            throw error;
        }
        return value;
    }
}
