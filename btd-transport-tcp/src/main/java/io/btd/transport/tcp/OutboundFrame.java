// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.transport.Connection;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.FrameHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A frame that is being made: header, payload and trailer in one buffer. Not thread-safe.
final class OutboundFrame implements Connection.Outbound {
    private final int payloadBytes;
    private @Nullable ByteBuf out;

    OutboundFrame(ByteBufAllocator allocator, int payloadBytes) {
        this.payloadBytes = payloadBytes;
        int bytes = FrameHeader.BYTES + payloadBytes + FrameHeader.TRAILER;
        this.out = allocator.directBuffer(bytes, bytes);
    }

    @Override
    public MemorySegment payload() {
        return MemorySegment.ofBuffer(mine().internalNioBuffer(FrameHeader.BYTES, payloadBytes));
    }

    @Override
    public void discard() {
        take().release();
    }

    /// The bytes to be sent; they are the caller's, and this frame is done.
    ByteBuf seal(int type, int flags, long requestId, long incarnation, long acknowledged, int deadlineMillis) {
        ByteBuf frame = take();
        MemorySegment bytes = MemorySegment.ofBuffer(frame.internalNioBuffer(0, frame.capacity()));
        FrameHeaders.encode(bytes, 0, payloadBytes, type, flags, requestId, incarnation, acknowledged, deadlineMillis);
        int trailer = FrameHeader.BYTES + payloadBytes;
        frame.setIntLE(trailer, FrameHeaders.crc(bytes.asSlice(FrameHeader.BYTES, payloadBytes)));
        return frame.writerIndex(frame.capacity());
    }

    private ByteBuf take() {
        ByteBuf frame = mine();
        out = null;
        return frame;
    }

    private ByteBuf mine() {
        if (out == null) {
            throw new IllegalStateException(
                    "frame used after it was sent or discarded: payloadBytes=" + payloadBytes + "; allocate another");
        }
        return out;
    }
}
