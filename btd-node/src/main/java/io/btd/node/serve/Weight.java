// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import io.btd.api.wire.Request;

/// How much a request is: whether it may hold up the thread that carries frames, and how large its answer may get.
final class Weight {
    /// Copies up to this many bytes are made by the thread that carries frames.
    static final long LIGHT_BYTES = 64 << 10;

    private static final long LIGHT_BLOCKS = 256;
    private static final long HEAVY = LIGHT_BYTES + 1;
    private static final long ANSWER = 256;

    private Weight() {}

    /// Whether the request belongs on a worker.
    ///
    /// @param storesBlock whether making something persistent waits for a device
    static boolean isHeavy(Request request, boolean storesBlock) {
        return storesBlock && request.mutates() || bytes(request) > LIGHT_BYTES;
    }

    /// Bytes that are moved, more or less.
    private static long bytes(Request request) {
        return switch (request) {
            case Request.Malloc malloc ->
                malloc.count() > LIGHT_BLOCKS
                        ? HEAVY
                        : malloc.size() > LIGHT_BYTES ? HEAVY : malloc.size() * malloc.count();
            case Request.MallocTyped malloc -> malloc.size();
            case Request.Realloc realloc -> realloc.size();
            case Request.Free free -> blocks(free.blocks());
            case Request.Adopt adopt -> blocks(adopt.blocks());
            case Request.Released released -> blocks(released.blocks());
            case Request.Memcpy memcpy -> memcpy.data().byteSize();
            case Request.Copy copy -> copy.bytes();
            case Request.Write write -> write.data().byteSize();
            case Request.Read read -> readBytes(read);
            case Request.Batch batch ->
                batch.requests().stream().mapToLong(Weight::bytes).sum();
            case Request.Declare _, Request.Export _, Request.RootNames _, Request.Stat _, Request.Close _ -> HEAVY;
            default -> 0;
        };
    }

    private static long blocks(long[] blocks) {
        return blocks.length > LIGHT_BLOCKS ? HEAVY : 0;
    }

    /// Bytes that a READ asks for.
    static long readBytes(Request.Read read) {
        long bytes = 0;
        for (Request.Range range : read.ranges()) {
            bytes += range.bytes();
        }
        return bytes;
    }

    /// Bytes that the answer may take beyond what the request itself took.
    static long answerBytes(Request request) {
        return switch (request) {
            case Request.Malloc malloc -> ANSWER + 8L * malloc.count();
            case Request.Export export -> ANSWER + 8L * export.blocks().length;
            case Request.Declare declare -> ANSWER + 8L * declare.blocks().length;
            case Request.Read read -> ANSWER + readBytes(read);
            case Request.RootNames _, Request.Stat _ -> LIGHT_BYTES;
            case Request.Batch batch ->
                batch.requests().stream().mapToLong(Weight::answerBytes).sum();
            default -> ANSWER;
        };
    }
}
