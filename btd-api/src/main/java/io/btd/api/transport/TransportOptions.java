// SPDX-License-Identifier: Apache-2.0
package io.btd.api.transport;

import java.time.Duration;

/// What transports need to know. Immutable.
///
/// @param threads that carry frames; 0 for one per processor, at most 4
/// @param maxPayload the largest payload that is accepted, in bytes
/// @param highWatermark bytes waiting to be sent from which on a connection is not writable
/// @param lowWatermark bytes waiting to be sent below which it is again
/// @param stagingLimit bytes of payloads that may be arriving at once over all connections of the transport; beyond
///     it connections wait
/// @param frameTimeout how long a frame may take from its first byte to its last
public record TransportOptions(
        int threads, int maxPayload, int highWatermark, int lowWatermark, long stagingLimit, Duration frameTimeout) {

    /// What one starts with.
    public static TransportOptions defaults() {
        return new TransportOptions(
                0, io.btd.api.wire.FrameHeader.MAX_PAYLOAD, 1 << 20, 256 << 10, 512L << 20, Duration.ofSeconds(30));
    }

    /// The same with another number of threads.
    public TransportOptions withThreads(int threads) {
        return new TransportOptions(threads, maxPayload, highWatermark, lowWatermark, stagingLimit, frameTimeout);
    }

    /// The same with another time for a frame to arrive.
    public TransportOptions withFrameTimeout(Duration frameTimeout) {
        return new TransportOptions(threads, maxPayload, highWatermark, lowWatermark, stagingLimit, frameTimeout);
    }
}
