// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.Layout;

/// A layout as an arena knows it. Immutable.
///
/// @param number in this arena, 1..65535
/// @param layout the shape
/// @param offsets the shape's pointer offsets, ascending
public record TypeLayout(int number, Layout layout, long[] offsets) {

    /// A named root's directory node: pointers only.
    static final int DIRECTORY_NODE = 1;
    /// A named root's directory entry: two pointers, then no more.
    static final int DIRECTORY_ENTRY = 2;
    /// The first number of the program's own layouts.
    static final int FIRST = 3;

    /// The layout `layout` under `number`.
    static TypeLayout of(int number, Layout layout) {
        return new TypeLayout(
                number,
                layout,
                layout.pointerOffsets().stream().mapToLong(Long::longValue).toArray());
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
