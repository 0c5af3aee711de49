// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import io.btd.api.wire.Response;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The mutating requests of one session that it has not acknowledged: a ring indexed by the request's number, which
/// grows to the window and no further. Not thread-safe: the session's lock is held.
///
/// Invariant: every request in it has a number in (`acknowledged`, `acknowledged` + window], so no two share a place.
final class ReplyCache {
    /// What answers may take beyond the first, in bytes; one may take as much as a frame holds.
    static final long LIMIT = 16L << 20;

    /// What an answer takes at least, its request's entry included.
    static final long OVERHEAD = 128;

    private static final int FEWEST = 16;

    private final int window;
    private @Nullable Reply[] ring = new @Nullable Reply[FEWEST];
    private long acknowledged;
    private long highest;
    private long bytes;

    ReplyCache(int window) {
        this.window = window;
    }

    long acknowledged() {
        return acknowledged;
    }

    /// Forgets what the client has got, telling `forgotten` of each.
    void acknowledge(long upTo, Consumer<Reply> forgotten) {
        for (long id = acknowledged + 1; id <= Math.min(upTo, highest); id++) {
            Reply reply = get(id);
            if (reply != null) {
                ring[place(id)] = null;
                bytes -= reply.charge;
                forgotten.accept(reply);
            }
        }
        acknowledged = Math.max(acknowledged, upTo);
    }

    /// Whether the number is one that the session may use now.
    boolean inWindow(long id) {
        return id > acknowledged && id - acknowledged <= window;
    }

    /// Whether an answer of this size may be kept beside the others.
    boolean hasRoom(long charge) {
        return bytes == 0 || bytes + charge <= LIMIT;
    }

    /// The request of this number, if it arrived before.
    @Nullable
    Reply get(long id) {
        Reply reply = ring[place(id)];
        return reply != null && reply.id == id ? reply : null;
    }

    /// Notes a request that arrived for the first time.
    void add(Reply reply) {
        while (reply.id - acknowledged > ring.length) {
            grow();
        }
        ring[place(reply.id)] = reply;
        highest = Math.max(highest, reply.id);
        bytes += reply.charge;
    }

    /// Notes what became of a request that is in it.
    void answered(Reply reply, Response answer) {
        bytes -= reply.charge;
        reply.charge = OVERHEAD + bytesOf(answer);
        bytes += reply.charge;
        reply.answer = answer;
    }

    private static long bytesOf(Response answer) {
        return switch (answer) {
            case Response.Pointers pointers -> 8L * pointers.pointers().length;
            case Response.ExportFirst first -> 8L * first.pointers().length;
            case Response.Data data -> data.bytes().byteSize();
            case Response.Results results ->
                results.results().stream()
                        .mapToLong(result -> OVERHEAD + bytesOf(result))
                        .sum();
            default -> 0;
        };
    }

    private void grow() {
        Reply[] old = ring;
        ring = new @Nullable Reply[old.length * 2];
        for (Reply reply : old) {
            if (reply != null) {
                ring[place(reply.id)] = reply;
            }
        }
    }

    private int place(long id) {
        return (int) id & ring.length - 1;
    }

    long bytes() {
        return bytes;
    }
}
