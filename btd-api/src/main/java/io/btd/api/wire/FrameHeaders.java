// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/// The bytes of [FrameHeader], and the checksum that guards headers and payloads. Safe for use by many threads.
public final class FrameHeaders {
    private static final int LENGTH = 0;
    private static final int VERSION = 4;
    private static final int TYPE = 5;
    private static final int FLAGS = 6;
    private static final int REQUEST_ID = 8;
    private static final int INCARNATION = 16;
    private static final int ACKNOWLEDGED = 24;
    private static final int DEADLINE = 32;
    private static final int CHECKSUM = 36;

    /// Bytes of a frame beside its payload.
    private static final int FRAME = FrameHeader.BYTES + FrameHeader.TRAILER;

    private FrameHeaders() {}

    /// Writes a header of [FrameHeader#BYTES] bytes, with its checksum.
    ///
    /// @param into where to; native, or backed by a `byte[]`
    /// @param at offset in bytes of its first byte
    /// @param payloadBytes length of the payload in bytes, 0..[FrameHeader#MAX_PAYLOAD]
    /// @param type number of the type, 0..255
    /// @param flags see the constants of [FrameHeader], 0..65535
    /// @param requestId of the request, 0 outside of calls
    /// @param incarnation of the node
    /// @param acknowledged up to which request id answers have arrived
    /// @param deadlineMillis what is left, 0 for none
    public static void encode(
            MemorySegment into,
            long at,
            int payloadBytes,
            int type,
            int flags,
            long requestId,
            long incarnation,
            long acknowledged,
            int deadlineMillis) {
        into.set(LittleEndian.U32, at + LENGTH, FRAME + payloadBytes);
        into.set(LittleEndian.U8, at + VERSION, (byte) FrameHeader.VERSION);
        into.set(LittleEndian.U8, at + TYPE, (byte) type);
        into.set(LittleEndian.U16, at + FLAGS, (short) flags);
        into.set(LittleEndian.U64, at + REQUEST_ID, requestId);
        into.set(LittleEndian.U64, at + INCARNATION, incarnation);
        into.set(LittleEndian.U64, at + ACKNOWLEDGED, acknowledged);
        into.set(LittleEndian.U32, at + DEADLINE, deadlineMillis);
        into.set(LittleEndian.U32, at + CHECKSUM, crc(into.asSlice(at, CHECKSUM)));
    }

    /// Reads a header of [FrameHeader#BYTES] bytes and checks, in this order, its checksum, the version, and the
    /// length.
    /// A deadline of more than 2^31-1 ms becomes that.
    ///
    /// @param from where from; native, or backed by a `byte[]`
    /// @param at offset in bytes of its first byte
    /// @param maxPayload the longest payload that is taken, in bytes
    /// @throws BtdException.Protocol where it cannot be believed; the stream means nothing from there on
    public static FrameHeader decode(MemorySegment from, long at, int maxPayload) {
        if (at < 0 || from.byteSize() - at < FrameHeader.BYTES) {
            throw refused("frame ends inside its header: bytes=" + (from.byteSize() - at), "send whole frames");
        }
        int announced = from.get(LittleEndian.U32, at + CHECKSUM);
        int computed = crc(from.asSlice(at, CHECKSUM));
        if (announced != computed) {
            throw refused(
                    "header does not match its checksum: announced=" + hex(announced) + ", computed=" + hex(computed),
                    "connect anew; look at the network if it happens often");
        }
        int version = from.get(LittleEndian.U8, at + VERSION) & 0xff;
        if (version != FrameHeader.VERSION) {
            throw refused("frame of another version: version=" + version, "speak version " + FrameHeader.VERSION);
        }
        long length = Integer.toUnsignedLong(from.get(LittleEndian.U32, at + LENGTH));
        if (length < FRAME || length > (long) FRAME + maxPayload) {
            throw refused(
                    "frame length refused: length=" + length,
                    "send " + FRAME + " to " + ((long) FRAME + maxPayload) + " bytes");
        }
        int deadline = from.get(LittleEndian.U32, at + DEADLINE);
        return new FrameHeader(
                (int) length - FRAME,
                from.get(LittleEndian.U8, at + TYPE) & 0xff,
                from.get(LittleEndian.U16, at + FLAGS) & 0xffff,
                from.get(LittleEndian.U64, at + REQUEST_ID),
                from.get(LittleEndian.U64, at + INCARNATION),
                from.get(LittleEndian.U64, at + ACKNOWLEDGED),
                deadline < 0 ? Integer.MAX_VALUE : deadline);
    }

    /// The CRC-32C of all of `payload`, which is native or backed by a `byte[]`.
    public static int crc(MemorySegment payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload.asByteBuffer());
        return (int) crc.getValue();
    }

    private static BtdException.Protocol refused(String what, String hint) {
        return new BtdException.Protocol(0, what, hint);
    }

    private static String hex(int value) {
        return "0x%08x".formatted(value);
    }
}
