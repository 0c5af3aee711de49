// SPDX-License-Identifier: Apache-2.0
package io.btd.node.arena;

import io.btd.api.Roots;
import io.btd.heap.Heap;
import io.btd.heap.RootDirectory;
import io.btd.heap.RootSlots;
import java.util.List;

/// The roots of one arena. Thread-safe; each call is an operation of the heap of its own.
public final class ArenaRoots implements Roots {
    private final Heap heap;
    private final RootDirectory directory;
    private final RootSlots slots;

    ArenaRoots(Heap heap) {
        this.heap = heap;
        directory = new RootDirectory(heap);
        slots = new RootSlots(heap);
    }

    @Override
    public long get(String name) {
        try (var _ = heap.begin()) {
            return directory.get(name);
        }
    }

    @Override
    public long put(String name, long block) {
        try (var _ = heap.begin()) {
            return directory.put(name, block, false);
        }
    }

    @Override
    public long putIfAbsent(String name, long block) {
        try (var _ = heap.begin()) {
            return directory.put(name, block, true);
        }
    }

    /// As `put` and `putIfAbsent`; `exported` says that a block of another node was exported there.
    ///
    /// @throws io.btd.heap.ForeignPointers when it was not; nothing has changed
    public long put(String name, long block, boolean ifAbsent, boolean exported) {
        try (var _ = heap.begin()) {
            return directory.put(name, block, ifAbsent, exported);
        }
    }

    @Override
    public boolean remove(String name, long expected) {
        try (var _ = heap.begin()) {
            return directory.remove(name, expected);
        }
    }

    @Override
    public List<String> names() {
        try (var _ = heap.begin()) {
            return directory.names();
        }
    }

    @Override
    public long slot(int number) {
        try (var _ = heap.begin()) {
            return slots.get(number);
        }
    }

    @Override
    public long setSlotOnce(int number, long block) {
        try (var _ = heap.begin()) {
            return slots.setOnce(number, block);
        }
    }

    /// As [#setSlotOnce(int, long)]; `exported` says that a block of another node was exported there.
    ///
    /// @throws io.btd.heap.ForeignPointers when it was not; nothing has changed
    public long setSlotOnce(int number, long block, boolean exported) {
        try (var _ = heap.begin()) {
            return slots.setOnce(number, block, exported);
        }
    }
}
