// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ScanKind;
import org.jspecify.annotations.Nullable;

/// An allocated block, found by an address in it. A value: it says what was so when it was found.
public final class Block {
    private final long base;
    private final long size;
    private final ScanKind kind;
    private final @Nullable TypeLayout layout;
    private final @Nullable Superblock superblock;
    private final int index;
    private final @Nullable LargeObject large;

    private Block(
            long base,
            long size,
            ScanKind kind,
            @Nullable TypeLayout layout,
            @Nullable Superblock superblock,
            int index,
            @Nullable LargeObject large) {
        this.base = base;
        this.size = size;
        this.kind = kind;
        this.layout = layout;
        this.superblock = superblock;
        this.index = index;
        this.large = large;
    }

    static Block of(Superblock superblock, int index, @Nullable TypeLayout layout) {
        return new Block(
                superblock.offsetOf(index), superblock.blockSize, superblock.kind, layout, superblock, index, null);
    }

    static Block of(LargeObject large, long bytes, @Nullable TypeLayout layout) {
        return new Block(large.base, bytes, large.kind, layout, null, 0, large);
    }

    /// Where it starts, in the arena.
    public long base() {
        return base;
    }

    /// Usable bytes.
    public long size() {
        return size;
    }

    /// What the collector looks for in it.
    public ScanKind kind() {
        return kind;
    }

    /// Its layout, null unless it is typed.
    public @Nullable TypeLayout layout() {
        return layout;
    }

    /// Whether a pointer that the collector sees lies at byte `offset` of the arena.
    public boolean mayHoldPointer(long offset) {
        return switch (kind) {
            case OPAQUE -> false;
            case POINTERS -> (offset & 7) == 0;
            case TYPED -> layout != null && layout.isPointer(offset - base, size);
        };
    }

    int state() {
        if (superblock != null) {
            return superblock.state(index);
        }
        return large != null ? large.state() : 0;
    }

    boolean tryFlags(int set, int clear) {
        if (superblock != null) {
            return superblock.tryFlags(index, set, clear);
        }
        return large != null && large.tryFlags(set, clear);
    }

    /// Whether no pointer to the block was ever stored through the cluster.
    public boolean fresh() {
        return (state() & Superblock.FRESH) != 0;
    }

    /// Whether the block is still allocated.
    public boolean live() {
        return (state() & Superblock.LIVE) != 0;
    }

    /// Whether the block was changed and not written back.
    public boolean dirty() {
        return (state() & Superblock.DIRTY) != 0;
    }

    /// Notes that the block was changed and not written back.
    public void markDirty() {
        int both = Superblock.DIRTY | Superblock.REWRITTEN;
        if ((state() & both) != both) {
            tryFlags(both, 0);
        }
    }

    /// Begins to write the block back; false when another thread does, or there is nothing to write.
    boolean tryBeginWriteBack() {
        return superblock != null ? superblock.tryBeginWriteBack(index) : large != null && large.tryBeginWriteBack();
    }

    /// Ends what [#tryBeginWriteBack] began.
    void endWriteBack() {
        if (superblock != null) {
            superblock.endWriteBack(index);
        } else if (large != null) {
            large.endWriteBack();
        }
    }
}
