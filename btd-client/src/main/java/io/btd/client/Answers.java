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
        if (response instanceof Response.Value(long value)) {
            return value;
        }
        throw unexpected(response);
    }

    static boolean truth(Response response) {
        if (response instanceof Response.Truth(boolean holds)) {
            return holds;
        }
        throw unexpected(response);
    }

    static long[] pointers(Response response) {
        if (response instanceof Response.Pointers(long[] pointers)) {
            return pointers;
        }
        throw unexpected(response);
    }

    /// As [#pointers], where exactly so many were asked for.
    static long[] pointers(Response response, int count) {
        long[] pointers = pointers(response);
        if (pointers.length == count) {
            return pointers;
        }
        throw unexpected(response);
    }

    static Durability durability(Response response) {
        if (response instanceof Response.Durable(Durability durability)) {
            return durability;
        }
        throw unexpected(response);
    }

    static Response.Names names(Response response) {
        if (response instanceof Response.Names names) {
            return names;
        }
        throw unexpected(response);
    }

    static Response.State state(Response response) {
        if (response instanceof Response.State state) {
            return state;
        }
        throw unexpected(response);
    }

    static Response.Results results(Response response) {
        if (response instanceof Response.Results results) {
            return results;
        }
        throw unexpected(response);
    }

    static Void done(Response response) {
        if (response instanceof Response.Done) {
            return nothing();
        }
        throw unexpected(response);
    }

    /// Copies the bytes that were read to where the caller wants them.
    static Void copy(Response response, MemorySegment destination) {
        if (response instanceof Response.Data(MemorySegment bytes) && bytes.byteSize() == destination.byteSize()) {
            destination.copyFrom(bytes);
            return nothing();
        }
        throw unexpected(response);
    }

    /// The result of calls that have none.
    @SuppressWarnings("NullAway")
    static Void nothing() {
        return null;
    }

    private static BtdException unexpected(Response response) {
        if (response instanceof Response.Failed(BtdException error)) {
            return error;
        }
        return new Protocol(
                0, "answer of the wrong form: answer=" + response.getClass().getSimpleName(), "use a matching version");
    }
}
