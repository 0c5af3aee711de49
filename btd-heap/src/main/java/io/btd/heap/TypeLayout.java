// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.Layout;

/// A layout as an arena knows it, under its number there (1..65535). Immutable.
public final class TypeLayout {

    /// A named root's directory node: pointers only.
    static final int DIRECTORY_NODE = 1;
    /// A named root's directory entry: two pointers, then no more.
    static final int DIRECTORY_ENTRY = 2;
    /// The first number of the program's own layouts.
    static final int FIRST = 3;

    private final int number;
    private final Layout layout;
    private final long[] offsets;

    /// The layout `layout` under `number`.
    TypeLayout(int number, Layout layout) {
        this.number = number;
        this.layout = layout;
        this.offsets =
                layout.pointerOffsets().stream().mapToLong(Long::longValue).toArray();
    }

    /// Whether blocks of this layout are the heap's own: no program was given a pointer to one.
    static boolean isSystem(int number) {
        return number != 0 && number < FIRST;
    }

    /// Its number in this arena.
    public int number() {
        return number;
    }

    /// The shape.
    public Layout layout() {
        return layout;
    }

    /// How many pointers an element has.
    public int pointers() {
        return offsets.length;
    }

    /// Where an element's pointer lies; they ascend.
    public long pointer(int index) {
        return offsets[index];
    }

    /// Whether a pointer lies at byte `at` of a block of `size` usable bytes.
    public boolean isPointer(long at, long size) {
        if (at % 8 != 0 || !layout.repeated() && at >= layout.size()) {
            return false;
        }
        long element = at / layout.size() * layout.size();
        return element + layout.size() <= size && java.util.Arrays.binarySearch(offsets, at - element) >= 0;
    }
}
