// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.transport.FrameHandler;
import io.btd.api.wire.FrameHeader;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/// A frame that arrived, in the buffer it arrived in: together with its neighbours if it is small. Keeping it keeps
/// that buffer. Thread-safe.
final class InboundFrame implements FrameHandler.Inbound {
    private final ByteBuf in;
    private final FrameHeader header;
    private final MemorySegment payload;
    private final AtomicInteger holds = new AtomicInteger();

    InboundFrame(ByteBuf in, FrameHeader header, MemorySegment payload) {
        this.in = in;
        this.header = header;
        this.payload = payload;
    }

    @Override
    public FrameHeader header() {
        return header;
    }

    @Override
    public MemorySegment payload() {
        return payload;
    }

    @Override
    public void retain() {
        in.retain();
        holds.incrementAndGet();
    }

    @Override
    public void release() {
        // Counted here too: one release too many would take the buffer from the frames beside this one.
        if (holds.getAndUpdate(n -> n == 0 ? 0 : n - 1) == 0) {
            throw new IllegalStateException("frame released more often than retained: requestId=" + header.requestId()
                    + "; retain it before the handler returns");
        }
        in.release();
    }
}
