// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import java.lang.foreign.MemorySegment;

/// A whole frame, checked as a receiver does.
record Frame(FrameHeader header, Object body) {

    static byte[] encode(
            Message message, int flags, long requestId, long incarnation, long acknowledged, int deadline) {
        byte[] payload = message.payload();
        MemorySegment frame = MemorySegment.ofArray(new byte[FrameHeader.BYTES + payload.length + FrameHeader.TRAILER]);
        FrameHeaders.encode(
                frame, 0, payload.length, message.type(), flags, requestId, incarnation, acknowledged, deadline);
        MemorySegment part = frame.asSlice(FrameHeader.BYTES, payload.length);
        part.copyFrom(MemorySegment.ofArray(payload));
        frame.set(LittleEndian.U32, FrameHeader.BYTES + payload.length, FrameHeaders.crc(part));
        return (byte[]) frame.heapBase().orElseThrow();
    }

    /// @throws BtdException.Protocol when it is no frame
    static Frame decode(byte[] bytes) {
        MemorySegment frame = MemorySegment.ofArray(bytes);
        FrameHeader header = FrameHeaders.decode(frame, 0, FrameHeader.MAX_PAYLOAD);
        if (frame.byteSize() != (long) FrameHeader.BYTES + header.payloadBytes() + FrameHeader.TRAILER) {
            throw new BtdException.Protocol(0, "not all there", "send whole frames");
        }
        MemorySegment payload = frame.asSlice(FrameHeader.BYTES, header.payloadBytes());
        if (FrameHeaders.crc(payload) != frame.get(LittleEndian.U32, FrameHeader.BYTES + header.payloadBytes())) {
            throw new BtdException.Protocol(0, "payload does not match its checksum", "connect anew");
        }
        return new Frame(header, Message.decode(header.type(), payload).body());
    }
}
