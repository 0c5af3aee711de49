// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.BlockView;
import io.btd.api.BtdException.Closed;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.BtdException.WrongThread;
import io.btd.api.GlobalPointer;
import io.btd.api.ScanKind;
import io.btd.heap.Block;
import io.btd.heap.Heap;
import io.btd.log.LogSite;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A view of a block of the one arena. Pins the block, and keeps the mapping beyond the cluster's close.
final class EmbeddedView implements BlockView {
    private final Heap heap;
    private final long pointer;
    private final Block block;
    private final Arena life = Arena.ofConfined();
    private final Thread owner = Thread.currentThread();
    private final MemorySegment segment;
    private boolean open = true;

    EmbeddedView(Heap heap, long pointer) {
        this.heap = heap;
        this.pointer = pointer;
        block = heap.pin(pointer);
        if (!heap.arena().medium().retain()) {
            heap.unpin(pointer);
            throw new Closed("cluster is closed: arena=" + heap.arena().medium().name());
        }
        MemorySegment whole = heap.arena().memory().view(block.base(), block.size(), life);
        boolean writable = block.kind() == ScanKind.OPAQUE;
        segment = writable ? whole : whole.asReadOnly();
        if (writable) {
            block.markDirty();
        }
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void persist(long from, long bytes) {
        if (!open) {
            throw new Closed("view is closed: pointer=" + GlobalPointer.toString(pointer));
        }
        if (from < 0 || bytes < 0 || from > block.size() - bytes) {
            throw new InvalidPointer(
                    pointer,
                    PointerFault.OUT_OF_BOUNDS,
                    "range leaves the block: from=" + from + ", bytes=" + bytes + ", size=" + block.size(),
                    "stay inside the block");
        }
        heap.arena().memory().persist(block.base() + from, bytes, LogSite.WRITE);
    }

    @Override
    public void close() {
        if (Thread.currentThread() != owner) {
            throw new WrongThread("view of another thread: owner=" + owner.getName(), "close it where it was opened");
        }
        if (open) {
            open = false;
            if (block.kind() == ScanKind.OPAQUE) {
                block.markDirty();
            }
            life.close();
            heap.unpin(pointer);
            heap.arena().medium().release();
        }
    }
}
