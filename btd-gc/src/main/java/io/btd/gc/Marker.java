// SPDX-License-Identifier: Apache-2.0
package io.btd.gc;

import io.btd.api.GlobalPointer;
import io.btd.api.ScanKind;
import io.btd.heap.BlockFinder;
import io.btd.heap.LayoutTable;
import io.btd.heap.RunTable;
import io.btd.heap.SizeClasses;
import io.btd.heap.TypeLayout;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.PersistentMemory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Marks every block that can be reached from the roots, depth first with an explicit stack. Marks are the
/// bits of the superblocks' bitmaps, cleared before. Not thread-safe.
///
/// A word leads to a block if it names the block's first byte, in this arena. In `POINTERS` blocks every
/// aligned word is looked at; in typed blocks the layout's pointers only, and one that leads nowhere is
/// counted as dangling, unless it is another node's.
final class Marker {
    private final PersistentMemory memory;
    private final Geometry geometry;
    private final SizeClasses classes;
    private final RunIndex runs;
    private final LayoutTable layouts;
    private final BlockBits bits;
    private final long prefix;
    private long[] stack = new long[1024];
    private int depth;
    private long dangling;

    Marker(ArenaFile arena, RunIndex runs, LayoutTable layouts, BlockBits bits) {
        this.memory = arena.memory();
        this.geometry = arena.geometry();
        this.classes = SizeClasses.of(geometry);
        this.runs = runs;
        this.layouts = layouts;
        this.bits = bits;
        this.prefix = arena.pointer(0);
    }

    /// Marks everything.
    void mark() {
        for (int slot = 0; slot < Geometry.ROOT_SLOTS; slot++) {
            follow(memory.getLong(geometry.rootSlot(slot)), true);
            markStacked();
        }
    }

    /// Marks what can be reached from the blocks of a run that other nodes may refer to, from all or from those whose
    /// bits are set in `words`; not these themselves. What in a free block looks like a pointer counts, too, but is
    /// never dangling.
    void markFrom(RunIndex.Run run, long @Nullable [] words) {
        if (RunTable.kind(run.head) == ScanKind.OPAQUE) {
            return;
        }
        long before = dangling;
        int count = run.isSuperblock() ? classes.blocks(run.sizeClass()) : 1;
        for (int index = 0; index < count; index++) {
            if (words == null || (words[index / 64] >>> index % 64 & 1) != 0) {
                scan(run.base + index * runs.blockBytes(run));
                markStacked();
            }
        }
        dangling = before;
    }

    private void markStacked() {
        while (depth > 0) {
            scan(stack[--depth]);
        }
    }

    /// Typed pointers and roots that lead to no block.
    long dangling() {
        return dangling;
    }

    private void follow(long word, boolean precise) {
        if (word == 0 || reached(word) || !precise || BlockFinder.isForeign(word, GlobalPointer.node(prefix))) {
            return;
        }
        dangling++;
    }

    /// Marks the block that a word names; false if it names none.
    private boolean reached(long word) {
        long offset = GlobalPointer.offset(word);
        if ((word ^ offset) != prefix || !geometry.inData(offset)) {
            return false;
        }
        RunIndex.Run run = runs.at(offset);
        if (run == null) {
            return false;
        }
        if (!run.isSuperblock()) {
            if (offset != run.base) {
                return false;
            }
            if (run.marked == 0) {
                run.marked = 1;
                push(offset, run);
            }
            return true;
        }
        long inside = offset - run.base;
        int index = classes.indexOf(inside, run.sizeClass());
        if (index >= classes.blocks(run.sizeClass()) || (long) index * classes.size(run.sizeClass()) != inside) {
            return false;
        }
        if (bits.set(run, index)) {
            run.marked++;
            push(offset, run);
        }
        return true;
    }

    private void push(long offset, RunIndex.Run run) {
        if (RunTable.kind(run.head) == ScanKind.OPAQUE) {
            return;
        }
        if (depth == stack.length) {
            stack = Arrays.copyOf(stack, stack.length * 2);
        }
        stack[depth++] = offset;
    }

    private void scan(long offset) {
        RunIndex.Run run = runs.at(offset);
        if (run == null) {
            throw new IllegalStateException("marked block without a run: offset=" + offset);
        }
        long bytes = runs.blockBytes(run);
        if (RunTable.kind(run.head) == ScanKind.POINTERS) {
            for (long at = offset; at < offset + bytes; at += 8) {
                follow(memory.getLong(at), false);
            }
            return;
        }
        TypeLayout layout = layouts.get(RunTable.layout(run.head));
        long element = layout.layout().size();
        long end = layout.layout().repeated() ? bytes : element;
        for (long at = 0; at + element <= end; at += element) {
            for (int i = 0; i < layout.pointers(); i++) {
                follow(memory.getLong(offset + at + layout.pointer(i)), true);
            }
        }
    }
}
