// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.GlobalPointer;
import io.btd.api.ScanKind;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.PersistentMemory;
import org.jspecify.annotations.Nullable;

/// From pointers to blocks, and what is wrong with those that lead to none. Thread-safe; what it finds may
/// be freed a moment later by another thread.
///
/// To a program a *system block*, one of the heap's own structures, is not allocated: a stale or forged pointer that
/// happens to name one cannot free or overwrite the root directory. Only [#systemBlockAt] finds it.
public final class BlockFinder {
    private static final String FOREIGN_HINT = "use pointers of this cluster, as malloc returned them";

    private final PersistentMemory memory;
    private final Geometry geometry;
    private final Superblocks superblocks;
    private final LargeObjects larges;
    private final LayoutTable layouts;
    private final long prefix;
    private final long prefixMask = ~(GlobalPointer.MAX_OFFSET - 1);
    private final long dataOffset;
    private final long end;
    private final int node;
    private final Reach reach;

    BlockFinder(ArenaFile arena, Superblocks superblocks, LargeObjects larges, LayoutTable layouts, Reach reach) {
        this.node = arena.node();
        this.reach = reach;
        this.memory = arena.memory();
        this.geometry = arena.geometry();
        this.superblocks = superblocks;
        this.larges = larges;
        this.layouts = layouts;
        this.prefix = arena.pointer(0);
        this.dataOffset = geometry.dataOffset();
        this.end = geometry.mediumBytes();
    }

    /// The pointer of an offset.
    public long pointer(long offset) {
        return prefix | offset;
    }

    /// Whether a word has the form of a pointer into this arena's data.
    public boolean isOurs(long word) {
        long offset = GlobalPointer.offset(word);
        return (word & prefixMask) == prefix && offset >= dataOffset && offset < end;
    }

    /// The offset that a pointer to a block names, in the data and aligned.
    ///
    /// @throws InvalidPointer when it is null, foreign or misaligned
    long offset(long pointer) {
        if (!isOurs(pointer)) {
            throw pointer == GlobalPointer.NULL ? nullPointer() : foreign(pointer);
        }
        if ((pointer & GlobalPointer.ALIGNMENT - 1) != 0) {
            throw misaligned(pointer, GlobalPointer.ALIGNMENT);
        }
        return GlobalPointer.offset(pointer);
    }

    /// The allocated block that starts at `pointer`.
    ///
    /// @throws InvalidPointer when there is none
    public Block blockAt(long pointer) {
        long offset = offset(pointer);
        Block block = find(offset);
        if (block == null || block.system()) {
            throw notAllocated(pointer);
        }
        if (block.base() != offset) {
            throw interior(pointer, offset);
        }
        return block;
    }

    /// The allocated system block that starts at `pointer`.
    ///
    /// @throws InvalidPointer when there is none
    Block systemBlockAt(long pointer) {
        long offset = offset(pointer);
        Block block = find(offset);
        if (block == null || block.base() != offset || !block.system()) {
            throw notAllocated(pointer);
        }
        return block;
    }

    /// The allocated block that contains `[address, address + bytes)`.
    ///
    /// @throws InvalidPointer when there is none
    public Block containing(long address, long bytes) {
        if (!isOurs(address)) {
            throw address == GlobalPointer.NULL ? nullPointer() : foreign(address);
        }
        long offset = GlobalPointer.offset(address);
        Block block = find(offset);
        if (block == null || block.system()) {
            throw notAllocated(address);
        }
        if (bytes > block.base() + block.size() - offset) {
            throw new InvalidPointer(
                    address,
                    PointerFault.OUT_OF_BOUNDS,
                    "range leaves the block: address=" + GlobalPointer.toString(address) + ", bytes=" + bytes
                            + ", block=" + GlobalPointer.toString(pointer(block.base())) + ", size=" + block.size(),
                    "stay inside one block");
        }
        return block;
    }

    /// The allocated block that contains the aligned word at `address`.
    ///
    /// @throws InvalidPointer when it is misaligned or in no block
    public Block containingWord(long address) {
        if ((address & 7) != 0 && isOurs(address)) {
            throw misaligned(address, 8);
        }
        return containing(address, 8);
    }

    /// Whether an allocated block starts at `word`.
    public boolean isBlock(long word) {
        if (!isOurs(word) || (word & GlobalPointer.ALIGNMENT - 1) != 0) {
            return false;
        }
        long offset = GlobalPointer.offset(word);
        Block block = find(offset);
        return block != null && block.base() == offset && !block.system();
    }

    /// Whether a word of a block of this kind names an allocated block.
    boolean refersToBlocks(ScanKind kind, long base, long bytes) {
        for (long at = base; kind != ScanKind.OPAQUE && at < base + bytes; at += 8) {
            if (isBlock(memory.getLong(at))) {
                return true;
            }
        }
        return false;
    }

    /// Whether a word has the form of a pointer to another node's block, and this heap may hold such.
    public boolean isForeign(long word) {
        return reach == Reach.CLUSTER && isForeign(word, node);
    }

    /// Whether a word has the form of a pointer to a block of another node than `node`.
    public static boolean isForeign(long word, int node) {
        int its = GlobalPointer.node(word);
        return its != 0
                && its != node
                && GlobalPointer.arena(word) != 0
                && GlobalPointer.offset(word) != 0
                && word % GlobalPointer.ALIGNMENT == 0;
    }

    /// The place of a block that begins at `offset`, allocated or not; null when none does.
    @Nullable
    Block place(long offset) {
        Superblock superblock = superblocks.at(offset);
        if (superblock != null) {
            int index = superblock.indexOf(offset);
            return index < 0 ? null : Block.of(superblock, index, layout(superblock.kind, superblock.layout));
        }
        LargeObject large = larges.at(offset);
        return large == null || large.base != offset
                ? null
                : Block.of(large, larges.bytes(large), layout(large.kind, large.layout));
    }

    @Nullable
    Block find(long offset) {
        Superblock superblock = superblocks.at(offset);
        if (superblock != null) {
            int index = superblock.containing(offset);
            if (index < 0 || (superblock.state(index) & Superblock.LIVE) == 0) {
                return null;
            }
            return Block.of(superblock, index, layout(superblock.kind, superblock.layout));
        }
        LargeObject large = larges.at(offset);
        if (large == null || (large.state() & Superblock.LIVE) == 0) {
            return null;
        }
        return Block.of(large, larges.bytes(large), layout(large.kind, large.layout));
    }

    private @Nullable TypeLayout layout(ScanKind kind, int number) {
        return kind == ScanKind.TYPED ? layouts.get(number) : null;
    }

    // --- what is wrong

    private static InvalidPointer nullPointer() {
        return new InvalidPointer(
                GlobalPointer.NULL,
                PointerFault.NULL,
                "null pointer: pointer=" + GlobalPointer.toString(GlobalPointer.NULL),
                "use a pointer that malloc returned");
    }

    private static InvalidPointer foreign(long pointer) {
        return new InvalidPointer(
                pointer,
                PointerFault.FOREIGN,
                "pointer leads to no arena of this cluster: pointer=" + GlobalPointer.toString(pointer),
                FOREIGN_HINT);
    }

    private static InvalidPointer misaligned(long pointer, int alignment) {
        return new InvalidPointer(
                pointer,
                PointerFault.MISALIGNED,
                "misaligned: pointer=" + GlobalPointer.toString(pointer) + ", alignment=" + alignment,
                FOREIGN_HINT);
    }

    InvalidPointer notAllocated(long pointer) {
        return new InvalidPointer(
                pointer,
                PointerFault.NOT_ALLOCATED,
                "not allocated: pointer=" + GlobalPointer.toString(pointer),
                "it was never allocated, or is free already");
    }

    InvalidPointer interior(long pointer, long offset) {
        Block block = find(offset);
        if (block == null || block.system()) {
            return notAllocated(pointer);
        }
        return new InvalidPointer(
                pointer,
                PointerFault.INTERIOR,
                "inside a block: pointer=" + GlobalPointer.toString(pointer) + ", block="
                        + GlobalPointer.toString(pointer(block.base())),
                "use the block's start");
    }
}
