// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

/// How a block is to be allocated. Immutable; [#POINTERS] and [#OPAQUE] are where one starts.
///
/// @param kind `OPAQUE` or `POINTERS` (typed blocks are asked for by their [Layout])
/// @param zeroed whether the block arrives as zeros; blocks that may hold pointers always do
/// @param alignment of the block's start in bytes, a power of two, 16..4096
public record Alloc(ScanKind kind, boolean zeroed, int alignment) {

    /// May hold pointers; arrives zeroed. The safe default.
    public static final Alloc POINTERS = new Alloc(ScanKind.POINTERS, true, GlobalPointer.ALIGNMENT);

    /// Holds no pointers; arrives with whatever was there before.
    public static final Alloc OPAQUE = new Alloc(ScanKind.OPAQUE, false, GlobalPointer.ALIGNMENT);

    /// The largest alignment that can be asked for, in bytes.
    public static final int MAX_ALIGNMENT = 4096;

    /// Checks the alignment and the kind.
    ///
    /// @throws BtdException.InvalidSize for an alignment that is no power of two in 16..4096
    /// @throws BtdException.InvalidLayout for the kind `TYPED`
    public Alloc {
        if (Integer.bitCount(alignment) != 1 || alignment < GlobalPointer.ALIGNMENT || alignment > MAX_ALIGNMENT) {
            throw new BtdException.InvalidSize(
                    "alignment refused: alignment=" + alignment, "ask for a power of two from 16 to 4096");
        }
        if (kind == ScanKind.TYPED) {
            throw new BtdException.InvalidLayout("typed block without a layout", "call malloc(Layout)");
        }
        zeroed = zeroed || kind != ScanKind.OPAQUE;
    }

    /// The same, arriving as zeros.
    public Alloc withZeroes() {
        return new Alloc(kind, true, alignment);
    }

    /// The same, starting at a multiple of `bytes`.
    ///
    /// @param bytes a power of two, 16..4096
    public Alloc align(int bytes) {
        return new Alloc(kind, zeroed, bytes);
    }
}
