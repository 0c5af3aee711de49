// SPDX-License-Identifier: Apache-2.0
package io.btd.api.transport;

import io.btd.api.BtdException;
import io.btd.api.wire.FrameHeader;
import java.lang.foreign.MemorySegment;

/// What a connection tells, on its thread: always the same one, but for turns that callers take at its work (see
/// [Connection#turn]); never two at once. Must not block. What it throws closes the connection.
public interface FrameHandler {

    /// A frame arrived and its checksums hold.
    void frame(Inbound frame);

    /// A part of a frame arrived, and the rest is still to come.
    default void arriving() {}

    /// Little enough waits to be sent again.
    default void writable() {}

    /// A burst of frames has been delivered.
    default void burstEnded() {}

    /// Whether frames are due: then somebody has to be ready to take them all the time. Asked by any thread, must not
    /// wait.
    default boolean expectsFrames() {
        return true;
    }

    /// The connection is closed; called once, after the last frame.
    ///
    /// @param why what ended it: [BtdException.Protocol] for a frame that was refused, [BtdException.NodeDown]
    ///     where the peer or the network ended it
    void closed(BtdException why);

    /// A frame that arrived. Its payload is valid until the handler returns, or, after [#retain], until
    /// [#release].
    interface Inbound {

        /// The header.
        FrameHeader header();

        /// The payload, read-only.
        MemorySegment payload();

        /// Keeps it beyond the handler's return.
        void retain();

        /// Ends one `retain`.
        void release();
    }
}
