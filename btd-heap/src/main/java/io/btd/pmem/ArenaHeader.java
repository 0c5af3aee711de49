// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.ArenaUnusable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;

/// The first bytes of an arena. Every field is *persistent*.
///
/// ```
///    0  magic           8   "BTDARENA"
///    8  major version   2   another major is refused
///   10  minor version   2   a newer minor is accepted, its additions are ignored
///   12  required        4   feature bits; an unknown one is refused by its number
///   16  uuid           16
///   32  node            2   1..4095
///   34  arena           1   1..255
///   35  page shift      1
///   36  unit shift      1
///   37  lane count      1
///   38  (zero)          2
///   40  capacity        8   pages
///   48  children        4
///   52  lane bytes      4
///   56  layout bytes    4
///   60  checksum        4   CRC-32C of the header, taking this field and the words below as zero
///   64  state word      8   sealed: state << 40 | generation
///   72  owner pid       8   sealed
///   80  owner start     8   sealed: milliseconds since 1970
///   88  owner boot      8   sealed: of the boot id
///   96  (zero)              to the end of the header
/// ```
///
/// The four words change while the arena lives, each by one 8-byte store; a sealed word carries 48 bits and
/// a 16-bit checksum over them and its place, so it is never torn and a flipped bit shows.
final class ArenaHeader {
    /// "BTDARENA", little-endian.
    static final long MAGIC = 0x414e455241445442L;
    static final int MAJOR = 1;
    static final int MINOR = 1;
    static final int KNOWN_FEATURES = 0;

    static final int STATE_WORD = 64;
    static final int OWNER_PID = 72;
    static final int OWNER_START = 80;
    static final int OWNER_BOOT = 88;

    private static final int WORDS_END = 96;
    private static final int CHECKSUM = 60;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private ArenaHeader() {}

    /// The fields that never change.
    record Fixed(UUID uuid, int node, int arena, Geometry geometry) {}

    /// A header image without its words, checksummed.
    static byte[] encode(Fixed fixed) {
        Geometry geometry = fixed.geometry();
        byte[] bytes = new byte[geometry.headerBytes()];
        MemorySegment header = MemorySegment.ofArray(bytes);
        header.set(LONG, 0, MAGIC);
        header.set(SHORT, 8, (short) MAJOR);
        header.set(SHORT, 10, (short) MINOR);
        header.set(INT, 12, 0);
        header.set(LONG, 16, fixed.uuid().getMostSignificantBits());
        header.set(LONG, 24, fixed.uuid().getLeastSignificantBits());
        header.set(SHORT, 32, (short) fixed.node());
        header.set(BYTE, 34, (byte) fixed.arena());
        header.set(BYTE, 35, (byte) geometry.pageShift());
        header.set(BYTE, 36, (byte) geometry.unitShift());
        header.set(BYTE, 37, (byte) geometry.laneCount());
        header.set(LONG, 40, geometry.capacityPages());
        header.set(INT, 48, geometry.children());
        header.set(INT, 52, geometry.laneBytes());
        header.set(INT, 56, geometry.layoutBytes());
        header.set(INT, CHECKSUM, checksum(bytes, bytes.length));
        return bytes;
    }

    /// Reads and checks a header image.
    ///
    /// @param bytes the first bytes of the medium, at most 4096
    /// @param mediumBytes how long the medium is
    /// @param name what messages call it
    static Fixed decode(byte[] bytes, long mediumBytes, String name) {
        MemorySegment header = MemorySegment.ofArray(bytes);
        if (bytes.length < 512) {
            throw new ArenaUnusable(
                    ArenaFault.TOO_SMALL,
                    "too small for an arena: path=" + name + ", bytes=" + mediumBytes,
                    "check the path, or restore the file");
        }
        if (header.get(LONG, 0) != MAGIC) {
            throw new ArenaUnusable(
                    ArenaFault.NOT_AN_ARENA, "not an arena: path=" + name, "check the path; the file was not changed");
        }
        int major = Short.toUnsignedInt(header.get(SHORT, 8));
        int unknown = header.get(INT, 12) & ~KNOWN_FEATURES;
        if (major != MAJOR || unknown != 0) {
            throw new ArenaUnusable(
                    ArenaFault.VERSION,
                    "arena of another format: path=" + name + ", major=" + major + ", known=" + MAJOR
                            + ", unknown features=0x" + Integer.toHexString(unknown),
                    "open it with the version of btd that made it");
        }
        int headerBytes = Geometry.headerBytes(header.get(BYTE, 35));
        if (headerBytes > bytes.length) {
            throw truncated(name, mediumBytes, headerBytes);
        }
        if (header.get(INT, CHECKSUM) != checksum(bytes, headerBytes)) {
            throw corrupt(name, "header checksum");
        }
        Geometry geometry;
        try {
            geometry = new Geometry(
                    header.get(BYTE, 35),
                    header.get(BYTE, 36),
                    header.get(LONG, 40),
                    header.get(INT, 48),
                    header.get(BYTE, 37),
                    header.get(INT, 52),
                    header.get(INT, 56));
        } catch (IllegalArgumentException e) {
            throw corrupt(name, String.valueOf(e.getMessage()));
        }
        int node = Short.toUnsignedInt(header.get(SHORT, 32));
        int arena = Byte.toUnsignedInt(header.get(BYTE, 34));
        if (node < 1 || node > 4095 || arena < 1) {
            throw corrupt(name, "node=" + node + ", arena=" + arena);
        }
        if (mediumBytes < geometry.mediumBytes()) {
            throw truncated(name, mediumBytes, geometry.mediumBytes());
        }
        for (int word = STATE_WORD; word < WORDS_END; word += 8) {
            if (!sealed(header.get(LONG, word), word)) {
                throw corrupt(name, "header word at " + word);
            }
        }
        return new Fixed(new UUID(header.get(LONG, 16), header.get(LONG, 24)), node, arena, geometry);
    }

    private static ArenaUnusable truncated(String name, long bytes, long needs) {
        return new ArenaUnusable(
                ArenaFault.TRUNCATED,
                "arena is truncated: path=" + name + ", bytes=" + bytes + ", needs=" + needs,
                "restore the file from a copy");
    }

    static ArenaUnusable corrupt(String name, String what) {
        return new ArenaUnusable(
                ArenaFault.CORRUPT,
                "arena is corrupt: path=" + name + ", found=" + what,
                "restore the file from a copy; it was not changed");
    }

    /// Seals 48 bits for the word at `place`.
    static long seal(long value, int place) {
        return value & 0xffff_ffff_ffffL | (long) wordChecksum(value, place) << 48;
    }

    /// Whether a word is sealed for its place.
    static boolean sealed(long word, int place) {
        return word >>> 48 == wordChecksum(word, place);
    }

    /// The 48 bits of a sealed word.
    static long value(long word) {
        return word & 0xffff_ffff_ffffL;
    }

    private static int wordChecksum(long value, int place) {
        CRC32C crc = new CRC32C();
        for (int shift = 0; shift < 48; shift += 8) {
            crc.update((int) (value >>> shift) & 0xff);
        }
        crc.update(place);
        int sum = (int) crc.getValue();
        return (sum ^ sum >>> 16) & 0xffff;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CHECKSUM);
        crc.update(new byte[WORDS_END - CHECKSUM], 0, WORDS_END - CHECKSUM);
        crc.update(bytes, WORDS_END, length - WORDS_END);
        return (int) crc.getValue();
    }
}
