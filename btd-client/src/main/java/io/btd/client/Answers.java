// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Protocol;
import io.btd.api.Durability;
import io.btd.api.wire.Response;
import java.lang.foreign.MemorySegment;

/// Takes the result of a call out of its answer.
final class Answers {
    private Answers() {}

    static long value(Response response) {
        return response instanceof Response.Value(long value) ? value : unexpected(response);
    }

    static boolean truth(Response response) {
        return response instanceof Response.Truth(boolean holds) ? holds : unexpected(response);
    }

    static long[] pointers(Response response) {
        return response instanceof Response.Pointers(long[] pointers) ? pointers : unexpected(response);
    }

    /// As [#pointers], where exactly so many were asked for.
    static long[] pointers(Response response, int count) {
        long[] pointers = pointers(response);
        return pointers.length == count ? pointers : unexpected(response);
    }

    static Durability durability(Response response) {
        return response instanceof Response.Durable(Durability durability) ? durability : unexpected(response);
    }

    static Response.Names names(Response response) {
        return response instanceof Response.Names names ? names : unexpected(response);
    }

    static Response.State state(Response response) {
        return response instanceof Response.State state ? state : unexpected(response);
    }

    static Response.Results results(Response response) {
        return response instanceof Response.Results results ? results : unexpected(response);
    }

    static Void done(Response response) {
        return response instanceof Response.Done ? nothing() : unexpected(response);
    }

    /// Copies the bytes that were read to where the caller wants them.
    static Void copy(Response response, MemorySegment destination) {
        if (response instanceof Response.Data(MemorySegment bytes) && bytes.byteSize() == destination.byteSize()) {
            destination.copyFrom(bytes);
            return nothing();
        }
        return unexpected(response);
    }

    /// The result of calls that have none.
    @SuppressWarnings("NullAway")
    static Void nothing() {
        return null;
    }

    private static <T> T unexpected(Response response) {
        if (response instanceof Response.Failed(BtdException error)) {
            throw error;
        }
        throw new Protocol(
                0, "answer of the wrong form: answer=" + response.getClass().getSimpleName(), "use a matching version");
    }
}
