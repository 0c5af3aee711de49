// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// One request to one node, and what becomes of it. Whoever *claims* it settles it, once: the answer, the end of
/// its time, the end of the session. After that its caller may have gone, and nothing of the caller's is looked
/// at or written to any more. Ids and what was sent belong to the session and are guarded by its lock.
final class Exchange<T> extends CompletableFuture<T> {
    /// The deadline of what has none.
    static final long NO_DEADLINE = Long.MAX_VALUE;

    private static final VarHandle CLAIMED;

    static {
        try {
            CLAIMED = MethodHandles.lookup().findVarHandle(Exchange.class, "claimed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Request request;
    private final int flags;
    private final long deadline;
    private final Patience patience;
    private final Function<Response, T> take;

    /// Changes once, through [#CLAIMED].
    private volatile boolean claimed;

    /// The id under which it was sent last; 0 while it was not sent in this life of the node.
    private long id;

    /// What is done about trouble.
    enum Patience {
        /// Waits for the node, and is repeated when it is busy, until the deadline.
        WAITS,
        /// Ends at the first failure that proves that nothing was done, so that another node can be asked.
        LEAVES,
        /// Part of the protocol, not of a call: not counted, and void when the session or the node's life ends.
        INTERNAL
    }

    /// A request.
    ///
    /// @param deadline on the clock of [Time#now], or [#NO_DEADLINE]
    /// @param take makes the result from the answer while its bytes are valid; on the connection's thread
    Exchange(Request request, int flags, long deadline, Patience patience, Function<Response, T> take) {
        this.request = request;
        this.flags = flags;
        this.deadline = deadline;
        this.patience = patience;
        this.take = take;
    }

    Request request() {
        return request;
    }

    int flags() {
        return flags;
    }

    long deadline() {
        return deadline;
    }

    Patience patience() {
        return patience;
    }

    long id() {
        return id;
    }

    boolean sent() {
        return id != 0;
    }

    void sentAs(long id) {
        this.id = id;
    }

    void unsent() {
        id = 0;
    }

    /// Whether the caller of this is the one who settles it.
    boolean claim() {
        return !claimed && CLAIMED.compareAndSet(this, false, true);
    }

    /// Whether it is settled, or about to be.
    boolean isClaimed() {
        return claimed;
    }

    /// Settles what the caller claimed.
    void settle(Response response) {
        try {
            complete(take.apply(response));
        } catch (RuntimeException refused) {
            completeExceptionally(refused);
        }
    }

    /// Settles what the caller claimed.
    void settle(RuntimeException error) {
        completeExceptionally(error);
    }

    /// Settles it unless somebody else does.
    void fail(RuntimeException error) {
        if (claim()) {
            completeExceptionally(error);
        }
    }
}
