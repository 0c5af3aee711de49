// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.BtdException;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.FrameHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Makes frames of what arrives. A frame that lies whole in what was read is taken from there. Of any other the
/// beginning
/// is copied, and what arrives later behind it; that copy grows by doubling, so it is never more than twice what the
/// peer has really sent, whatever the header announces. From [#UNCOUNTED] on it counts as staging.
///
/// Nothing of a header is used before its checksum held, nothing of a payload is handed on before its own did.
/// Used on the connection's I/O thread.
final class FrameAssembler {
    /// A copy up to this size needs no leave: every connection may have one.
    static final int UNCOUNTED = 64 << 10;

    private static final int FIRST_COPY = 256;

    private final ByteBufAllocator allocator;
    private final int maxPayload;
    private final Staging.Share staging;
    private final CRC32C checksum = new CRC32C();

    /// The frame that has not arrived whole yet, from its first byte on.
    private @Nullable ByteBuf partial;

    private @Nullable FrameHeader header;
    /// Up to which byte of the partial frame the checksum has gone.
    private int summed;

    private boolean counted = true;
    private long begun;

    FrameAssembler(ByteBufAllocator allocator, int maxPayload, Staging.Share staging) {
        this.allocator = allocator;
        this.maxPayload = maxPayload;
        this.staging = staging;
    }

    /// What became of a buffer.
    enum Taken {
        /// All of it was used.
        ALL,
        /// The rest waits until staging was granted.
        UNTIL_GRANTED,
        /// The rest waits because the receiver wants no more for now.
        UNTIL_WANTED
    }

    /// Gets the frames.
    interface Receiver {
        /// Takes one; returns whether it wants more.
        boolean receive(InboundFrame frame);
    }

    /// Uses up a buffer, as far as possible.
    ///
    /// @throws BtdException.Protocol for a frame that is refused; then this assembler has come to its end
    Taken take(ByteBuf in, Receiver receiver) {
        while (in.isReadable()) {
            if (partial == null) {
                if (!whole(in, receiver)) {
                    return Taken.UNTIL_WANTED;
                }
                if (in.isReadable()) {
                    begun++;
                    partial = allocator.directBuffer(Math.max(FIRST_COPY, in.readableBytes()));
                    append(partial, in, in.readableBytes());
                }
            } else {
                Taken taken = more(partial, in, receiver);
                if (taken != Taken.ALL) {
                    return taken;
                }
            }
        }
        return Taken.ALL;
    }

    /// Whether a frame has begun and not ended.
    boolean inFrame() {
        return partial != null;
    }

    /// How many frames have been copied because they began without ending: tells one from the next.
    long begun() {
        return begun;
    }

    /// Whether the frame that has begun takes staging from others.
    boolean holdsStaging() {
        return partial != null && partial.capacity() > UNCOUNTED;
    }

    /// How much of the frame that has begun is there.
    int arrived() {
        return partial == null ? 0 : partial.readableBytes();
    }

    /// All that will ever come is there: what memory it takes is taken already, so staging is not asked for.
    void lastOnes() {
        counted = false;
    }

    /// Forgets the frame that has begun.
    void drop() {
        ByteBuf dropped = partial;
        partial = null;
        header = null;
        if (dropped != null) {
            dropped.release();
        }
        staging.release();
    }

    /// Frames that lie whole in the buffer. False: no more are wanted.
    private boolean whole(ByteBuf in, Receiver receiver) {
        int from = in.readerIndex();
        int bytes = in.readableBytes();
        MemorySegment segment =
                MemorySegment.ofBuffer(in.internalNioBuffer(from, bytes)).asReadOnly();
        int at = 0;
        boolean wanted = true;
        while (wanted && bytes - at >= FrameHeader.BYTES) {
            FrameHeader next = FrameHeaders.decode(segment, at, maxPayload);
            int payload = at + FrameHeader.BYTES;
            int trailer = payload + next.payloadBytes();
            if (bytes - FrameHeader.TRAILER < trailer) {
                header = next;
                break;
            }
            checksum.reset();
            checksum.update(in.internalNioBuffer(from + payload, next.payloadBytes()));
            check(next, in.getIntLE(from + trailer));
            at = trailer + FrameHeader.TRAILER;
            in.readerIndex(from + at);
            wanted = receiver.receive(new InboundFrame(in, next, segment.asSlice(payload, next.payloadBytes())));
        }
        return wanted;
    }

    private Taken more(ByteBuf frame, ByteBuf in, Receiver receiver) {
        if (header == null) {
            append(frame, in, Math.min(in.readableBytes(), FrameHeader.BYTES - frame.readableBytes()));
            if (frame.readableBytes() < FrameHeader.BYTES) {
                return Taken.ALL;
            }
            header = FrameHeaders.decode(
                    MemorySegment.ofBuffer(frame.internalNioBuffer(0, FrameHeader.BYTES)), 0, maxPayload);
        }
        int whole = FrameHeader.BYTES + header.payloadBytes() + FrameHeader.TRAILER;
        int arrived = Math.min(whole, frame.readableBytes() + in.readableBytes());
        if (!grow(frame, arrived, whole)) {
            return Taken.UNTIL_GRANTED;
        }
        append(frame, in, arrived - frame.readableBytes());
        return arrived < whole || finish(frame, header, receiver) ? Taken.ALL : Taken.UNTIL_WANTED;
    }

    private boolean grow(ByteBuf frame, int arrived, int whole) {
        if (arrived <= frame.capacity()) {
            return true;
        }
        int capacity = (int) Math.min(whole, Math.max(2L * frame.capacity(), arrived));
        if (counted && capacity > UNCOUNTED && !staging.raise(capacity)) {
            return false;
        }
        frame.capacity(capacity);
        return true;
    }

    /// Copies bytes behind what is there, and takes those of the payload into the checksum while they are warm.
    private void append(ByteBuf frame, ByteBuf in, int bytes) {
        if (!frame.isReadable()) {
            checksum.reset();
            summed = FrameHeader.BYTES;
        }
        frame.writeBytes(in, bytes);
        if (header != null) {
            int until = Math.min(frame.writerIndex(), FrameHeader.BYTES + header.payloadBytes());
            if (until > summed) {
                checksum.update(frame.internalNioBuffer(summed, until - summed));
                summed = until;
            }
        }
    }

    private boolean finish(ByteBuf frame, FrameHeader complete, Receiver receiver) {
        partial = null;
        header = null;
        try {
            int bytes = complete.payloadBytes();
            check(complete, frame.getIntLE(FrameHeader.BYTES + bytes));
            MemorySegment payload = MemorySegment.ofBuffer(frame.internalNioBuffer(FrameHeader.BYTES, bytes))
                    .asReadOnly();
            return receiver.receive(new InboundFrame(frame, complete, payload));
        } finally {
            frame.release();
            staging.release();
        }
    }

    private void check(FrameHeader of, int expected) {
        if ((int) checksum.getValue() != expected) {
            throw new BtdException.Protocol(
                    0,
                    "payload of a frame damaged: type=" + of.type() + ", requestId=" + of.requestId() + ", bytes="
                            + of.payloadBytes(),
                    "connect again; if it happens again, check the network");
        }
    }
}
