// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.ValueLayout;
import java.util.regex.Pattern;

/// The printed and parsed face of a global pointer, and the codec of its three fields.
///
/// ```
///  63        52 51    44 43                                            0
/// +------------+--------+-----------------------------------------------+
/// |  node: 12  |arena: 8|                  offset: 44                   |
/// +------------+--------+-----------------------------------------------+
/// ```
///
/// Nodes are 1..4095, arenas 1..255, offsets 16..2^44-16 in steps of 16 (a block's name is its place in
/// the arena's address space, in bytes). 0 is null; because node 0 and arena 0 are never valid, small
/// integers never look like pointers. Wherever speed counts a pointer is a plain `long`; this record is
/// for printing, parsing and taking apart.
///
/// @param address the 64 bits
public record GlobalPointer(long address) {

    /// The null pointer.
    public static final long NULL = 0L;

    /// The largest node id.
    public static final int MAX_NODE = (1 << 12) - 1;

    /// The largest arena id.
    public static final int MAX_ARENA = (1 << 8) - 1;

    /// The end of the address space of one arena in bytes (16 TiB).
    public static final long MAX_OFFSET = 1L << 44;

    /// Every block starts at a multiple of this many bytes.
    public static final int ALIGNMENT = 16;

    /// How a pointer field is declared in a [Layout]: eight bytes, aligned to eight, little-endian.
    public static final AddressLayout LAYOUT = ValueLayout.ADDRESS.withByteAlignment(8);

    private static final Pattern PRINTED = Pattern.compile("0x[0-9a-fA-F]{16}");
    private static final int NODE_SHIFT = 52;
    private static final int ARENA_SHIFT = 44;

    /// Packs the three fields.
    ///
    /// @param node 1..4095
    /// @param arena 1..255
    /// @param offset 0..2^44-1 bytes
    /// @throws BtdException.InvalidPointer when a field is out of range
    public static long of(int node, int arena, long offset) {
        if (node < 1 || node > MAX_NODE || arena < 1 || arena > MAX_ARENA || offset < 0 || offset >= MAX_OFFSET) {
            throw new BtdException.InvalidPointer(
                    NULL,
                    BtdException.PointerFault.MALFORMED,
                    "pointer field out of range: node=" + node + ", arena=" + arena + ", offset=" + offset,
                    "node is 1..4095, arena 1..255, offset 0..2^44-1");
        }
        return ((long) node << NODE_SHIFT) | ((long) arena << ARENA_SHIFT) | offset;
    }

    /// The node id of `pointer`, 0..4095 (0 only in null and in things that are no pointers).
    public static int node(long pointer) {
        return (int) (pointer >>> NODE_SHIFT);
    }

    /// The arena id of `pointer`, 0..255.
    public static int arena(long pointer) {
        return (int) (pointer >>> ARENA_SHIFT) & MAX_ARENA;
    }

    /// The offset of `pointer` in its arena's address space, in bytes.
    public static long offset(long pointer) {
        return pointer & (MAX_OFFSET - 1);
    }

    /// Prints `pointer` as `0x` and 16 hexadecimal digits.
    public static String toString(long pointer) {
        return "0x%016x".formatted(pointer);
    }

    /// Parses what [#toString(long)] prints; upper-case digits are accepted.
    ///
    /// @throws BtdException.InvalidPointer when `text` is anything but `0x` and 16 hexadecimal digits
    public static long parse(String text) {
        if (PRINTED.matcher(text).matches()) {
            return Long.parseUnsignedLong(text, 2, 18, 16);
        }
        throw new BtdException.InvalidPointer(
                NULL,
                BtdException.PointerFault.MALFORMED,
                "not a pointer: text=" + (text.length() > 40 ? text.substring(0, 40) + "..." : text),
                "write 0x and 16 hexadecimal digits, as btd prints them");
    }

    @Override
    public String toString() {
        return toString(address);
    }
}
