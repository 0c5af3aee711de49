// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Puts a payload together, front to back, or only counts its bytes: one description of a payload serves both, so that
/// they cannot differ. For one thread.
final class PayloadWriter {
    /// The longest text in bytes.
    static final int MAX_TEXT = 0xffff;

    private final @Nullable MemorySegment into;
    private long at;

    private PayloadWriter(@Nullable MemorySegment into) {
        this.into = into;
    }

    static PayloadWriter counting() {
        return new PayloadWriter(null);
    }

    static PayloadWriter into(MemorySegment into) {
        return new PayloadWriter(into);
    }

    /// How many bytes were put or counted.
    ///
    /// @throws BtdException.InvalidSize where no frame can hold them
    int length() {
        if (at > FrameHeader.MAX_PAYLOAD) {
            throw new BtdException.InvalidSize(
                    "message too long for a frame: bytes=" + at + ", max=" + FrameHeader.MAX_PAYLOAD, "split it");
        }
        return (int) at;
    }

    PayloadWriter u8(int value) {
        if (into != null) {
            into.set(LittleEndian.U8, at, (byte) fitting(value, 0xff));
        }
        at += 1;
        return this;
    }

    PayloadWriter bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    PayloadWriter u16(int value) {
        if (into != null) {
            into.set(LittleEndian.U16, at, (short) fitting(value, 0xffff));
        }
        at += 2;
        return this;
    }

    PayloadWriter u32(int value) {
        if (into != null) {
            into.set(LittleEndian.U32, at, value);
        }
        at += 4;
        return this;
    }

    PayloadWriter u64(long value) {
        if (into != null) {
            into.set(LittleEndian.U64, at, value);
        }
        at += 8;
        return this;
    }

    private static int fitting(int value, int most) {
        if (value < 0 || value > most) {
            throw new BtdException.InvalidSize("number does not fit: value=" + value, "use 0 to " + most);
        }
        return value;
    }

    PayloadWriter longs(long[] values) {
        if (into != null) {
            MemorySegment.copy(values, 0, into, LittleEndian.U64, at, values.length);
        }
        at += 8L * values.length;
        return this;
    }

    /// Exactly `length` bytes.
    PayloadWriter bytes(byte[] bytes, int length) {
        if (bytes.length != length) {
            throw new BtdException.InvalidSize("wrong length: bytes=" + bytes.length, "use " + length + " bytes");
        }
        if (into != null) {
            MemorySegment.copy(bytes, 0, into, LittleEndian.U8, at, length);
        }
        at += length;
        return this;
    }

    PayloadWriter segment(MemorySegment bytes) {
        if (into != null) {
            MemorySegment.copy(bytes, 0, into, at, bytes.byteSize());
        }
        at += bytes.byteSize();
        return this;
    }

    PayloadWriter text(String text) {
        if (into == null) {
            long length = Utf8.bytes(text);
            if (length > MAX_TEXT) {
                throw new BtdException.InvalidSize(
                        "text too long: bytes=" + length + ", max=" + MAX_TEXT, "shorten it");
            }
            at += 2 + length;
            return this;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return u16(bytes.length).bytes(bytes, bytes.length);
    }

    /// Begins a part whose length is not known yet: leaves 4 bytes for it.
    ///
    /// @return what [#endPart] wants
    long beginPart() {
        at += 4;
        return at;
    }

    /// Ends the part, and puts its length in front of it.
    void endPart(long start) {
        if (into != null) {
            into.set(LittleEndian.U32, start - 4, (int) (at - start));
        }
    }
}
