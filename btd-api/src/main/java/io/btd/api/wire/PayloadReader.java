// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.CharacterCodingException;

/// Takes a payload apart, front to back. Whoever sent it may mean harm: each length is held against what is there
/// before it is used, and nothing is allocated for what has not arrived. Every refusal is [BtdException.Protocol].
/// For one thread.
final class PayloadReader {
    private final MemorySegment payload;
    private final long end;
    private final Enum<?> of;
    private long at;

    PayloadReader(MemorySegment payload, Enum<?> of) {
        this(payload, 0, payload.byteSize(), of);
    }

    private PayloadReader(MemorySegment payload, long at, long end, Enum<?> of) {
        this.payload = payload;
        this.at = at;
        this.end = end;
        this.of = of;
    }

    BtdException.Protocol refused(String what, String name, long value, String hint) {
        return new BtdException.Protocol(0, what + ": payload=" + of + ", " + name + "=" + value + ", at=" + at, hint);
    }

    /// Refuses unless `holds`; `name` is the field just read.
    void check(boolean holds, String name, long value, String hint) {
        if (!holds) {
            throw refused("malformed payload", name, value, hint);
        }
    }

    private long take(long bytes) {
        if (end - at < bytes) {
            throw refused("payload ends too early", "missing", bytes - (end - at), "send all of it");
        }
        long start = at;
        at += bytes;
        return start;
    }

    int u8() {
        return payload.get(LittleEndian.U8, take(1)) & 0xff;
    }

    boolean bool(String name) {
        int value = u8();
        check(value <= 1, name, value, "send 0 or 1");
        return value == 1;
    }

    int u16() {
        return payload.get(LittleEndian.U16, take(2)) & 0xffff;
    }

    /// The 32 bits as they are.
    int i32() {
        return payload.get(LittleEndian.U32, take(4));
    }

    /// A number that has to fit into an int.
    int u31(String name) {
        int value = i32();
        check(value >= 0, name, Integer.toUnsignedLong(value), "send less than 2^31");
        return value;
    }

    long u64() {
        return payload.get(LittleEndian.U64, take(8));
    }

    /// A field that has no meaning yet.
    void zero(int bytes) {
        for (int i = 0; i < bytes; i++) {
            int value = u8();
            check(value == 0, "reserved", value, "send 0");
        }
    }

    byte[] bytes(int length) {
        long start = take(length);
        byte[] bytes = new byte[length];
        MemorySegment.copy(payload, LittleEndian.U8, start, bytes, 0, length);
        return bytes;
    }

    /// How many things follow, each of at least `bytesEach`: at least `least`, at most `most`, and not more than there
    /// is room for.
    int count(int least, int most, int bytesEach) {
        long count = Integer.toUnsignedLong(i32());
        if (count < least || count > most) {
            throw refused("count out of range", "count", count, "send " + least + " to " + most);
        }
        if (count * bytesEach > end - at) {
            throw refused("payload too short for its count", "count", count, "send all that was counted");
        }
        return (int) count;
    }

    /// `count` numbers.
    long[] longs(int count) {
        long start = take(8L * count);
        long[] longs = new long[count];
        MemorySegment.copy(payload, LittleEndian.U64, start, longs, 0, count);
        return longs;
    }

    String text() {
        int length = u16();
        try {
            return Utf8.decode(bytes(length));
        } catch (CharacterCodingException e) {
            throw refused("text is not UTF-8", "length", length, "encode text as UTF-8");
        }
    }

    /// How many bytes are left.
    long left() {
        return end - at;
    }

    /// What is left, as a slice of the payload.
    MemorySegment rest() {
        long length = end - at;
        return payload.asSlice(take(length), length);
    }

    /// The next `length` bytes (unsigned), as a payload of their own.
    PayloadReader part(int length, Enum<?> what) {
        long start = take(Integer.toUnsignedLong(length));
        return new PayloadReader(payload, start, at, what);
    }

    /// Nothing may be left.
    void end() {
        if (at != end) {
            throw refused("payload too long", "excess", end - at, "send nothing behind it");
        }
    }
}
