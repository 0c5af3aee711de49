// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ScanKind;
import org.jspecify.annotations.Nullable;

/// A block, found by an address in it; outside of this package, an allocated one. A value: it says what was so
/// when it was found.
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

    /// Whether it is a system block: part of the root directory or of the session records.
    boolean system() {
        return layout != null && TypeLayout.isSystem(layout.number());
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

    /// Ends the block's life if it has the flags `required`; returns its state before, 0 if it is not allocated or
    /// lacks them. Of racing calls one succeeds.
    int tryFree(int required) {
        if (superblock != null) {
            return superblock.tryFree(index, required);
        }
        return large != null ? large.tryFree(required) : 0;
    }

    /// Undoes [#tryFree], before the block went anywhere.
    void undoFree(int former) {
        if (superblock != null) {
            superblock.undoFree(index, former);
        } else if (large != null) {
            large.undoFree(former);
        }
    }

    /// Changes the state of a block that is not allocated; false if it is not `expected`.
    boolean tryState(int expected, int next) {
        return superblock != null
                ? superblock.tryState(index, expected, next)
                : large != null && large.tryState(expected, next);
    }

    /// Whether it is not decided yet which blocks around this one live.
    boolean heldBack() {
        return superblock != null ? superblock.heldBack() : large != null && large.heldBack();
    }

    /// Whether other nodes may refer to the block.
    boolean exported() {
        return superblock != null ? superblock.exported() : large != null && large.exported();
    }

    /// Marks the run exported, once; false when it is gone.
    boolean export(RunTable runs) {
        if (superblock != null) {
            if (!superblock.exported() && !runs.export(superblock.page)) {
                return false;
            }
            superblock.setExported();
        } else if (large != null) {
            if (!large.exported() && !runs.export(large.page)) {
                return false;
            }
            large.setExported();
        }
        return true;
    }

    /// The superblock it lies in, null for a large object.
    @Nullable
    Superblock superblock() {
        return superblock;
    }

    /// The large object it is, null in a superblock.
    @Nullable
    LargeObject large() {
        return large;
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
