// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;

/// The shape of a typed block: how large it is and where its pointers are. The shape is persisted in the
/// arena when the first block of it is allocated; using the same id with another shape afterwards is a
/// typed error naming both. Immutable.
///
/// @param id the program's number for this shape, 1..65535
/// @param version of the shape, 0..65535; part of the shape
/// @param size of an element in bytes, 8..32768, a multiple of 8
/// @param repeated whether a block is an array of such elements; otherwise bytes behind the first element
///     hold no pointers
/// @param pointerOffsets ascending byte offsets of the pointer fields, multiples of 8
public record Layout(int id, int version, long size, boolean repeated, List<Long> pointerOffsets) {

    /// The largest size of one element in bytes.
    public static final long MAX_SIZE = 32 * 1024L;

    private static final int MAX_NUMBER = 65_535;

    /// Checks every field.
    ///
    /// @throws BtdException.InvalidLayout for a number out of range or an offset that is misaligned, outside
    ///     the element or out of order
    public Layout {
        pointerOffsets = List.copyOf(pointerOffsets);
        check(id >= 1 && id <= MAX_NUMBER, "id", id, "use 1..65535");
        check(version >= 0 && version <= MAX_NUMBER, "version", version, "use 0..65535");
        check(size >= 8 && size <= MAX_SIZE && size % 8 == 0, "size", size, "use a multiple of 8 up to 32768");
        long previous = -1;
        for (long offset : pointerOffsets) {
            check(
                    offset > previous && offset % 8 == 0 && offset + 8 <= size,
                    "pointerOffset",
                    offset,
                    "list ascending multiples of 8 inside the element");
            previous = offset;
        }
    }

    private static void check(boolean holds, String name, long value, String hint) {
        if (!holds) {
            throw new BtdException.InvalidLayout("layout refused: " + name + "=" + value, hint);
        }
    }

    /// A layout from a struct whose pointer fields are declared with [GlobalPointer#LAYOUT].
    ///
    /// @throws BtdException.InvalidLayout when the struct cannot be used
    public static Layout of(int id, int version, StructLayout struct) {
        return new Layout(id, version, struct.byteSize(), false, pointersOf(struct));
    }

    /// As [#of], for blocks that are arrays of `element`.
    ///
    /// @throws BtdException.InvalidLayout when the element cannot be used
    public static Layout arrayOf(int id, int version, StructLayout element) {
        return new Layout(id, version, element.byteSize(), true, pointersOf(element));
    }

    private static List<Long> pointersOf(MemoryLayout layout) {
        List<Long> offsets = new ArrayList<>();
        collect(layout, 0, offsets);
        return offsets;
    }

    private static void collect(MemoryLayout layout, long base, List<Long> offsets) {
        switch (layout) {
            case AddressLayout _ -> offsets.add(base);
            case GroupLayout group -> {
                long at = base;
                for (MemoryLayout member : group.memberLayouts()) {
                    collect(member, at, offsets);
                    at += group instanceof StructLayout ? member.byteSize() : 0;
                }
            }
            case SequenceLayout sequence -> {
                for (long i = 0; i < sequence.elementCount(); i++) {
                    collect(
                            sequence.elementLayout(),
                            base + i * sequence.elementLayout().byteSize(),
                            offsets);
                }
            }
            default -> {
                // numbers and padding hold no pointers
            }
        }
    }
}
