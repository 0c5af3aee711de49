// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.wire.Request;
import java.lang.foreign.MemorySegment;

/// Bytes that a caller handed over to be sent, and who may look at them when.
final class CallerBytes {
    /// Some thread that is not the caller's.
    private static final Thread SOMEBODY = Thread.ofPlatform().unstarted(() -> {});

    private CallerBytes() {}

    /// Whether a request has bytes that are its caller's, and so cannot be sent again once the caller has gone.
    static boolean in(Request request) {
        return switch (request) {
            case Request.Memcpy _, Request.Write _ -> true;
            case Request.Batch batch -> batch.requests().stream().anyMatch(CallerBytes::in);
            default -> false;
        };
    }

    /// Whether other threads than the caller's may use a segment.
    static boolean isShared(MemorySegment segment) {
        return segment.isAccessibleBy(SOMEBODY);
    }

    /// The same bytes, for any thread: they may be sent again by another than the caller's.
    static MemorySegment shared(MemorySegment source) {
        return isShared(source)
                ? source
                : MemorySegment.ofArray(source.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
    }
}
