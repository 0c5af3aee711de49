// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.BtdException.ArenaUnusable;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.GlobalPointer;
import io.btd.api.Roots;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.PersistentMemory;
import java.lang.foreign.MemorySegment;

/// Reads the blocks of the [RootDirectory], believing none of them: a damaged arena gives a typed error, and
/// every walk ends.
final class DirectoryReader {
    /// Names with one hash that a chain may hold; beyond it the chain is taken for a circle.
    static final int MAX_CHAIN = 1 << 16;

    static final long NEXT = 0;
    static final long TARGET = 8;
    static final long HASH = 16;
    static final long LENGTH = 24;
    static final long NAME = 32;

    private final ArenaFile arena;
    private final PersistentMemory memory;
    private final BlockFinder finder;

    DirectoryReader(Heap heap) {
        arena = heap.arena();
        memory = arena.memory();
        finder = heap.finder();
    }

    /// Whether a link leads to a node, at a level where nodes can be; otherwise it leads to an entry.
    boolean isNode(long pointer, int level) {
        Block block = block(pointer);
        TypeLayout layout = block.layout();
        int number = layout == null ? 0 : layout.number();
        if (number == TypeLayout.DIRECTORY_NODE && level < RootDirectory.LEVELS) {
            return true;
        }
        if (number != TypeLayout.DIRECTORY_ENTRY) {
            throw damaged(pointer);
        }
        return false;
    }

    private Block block(long pointer) {
        try {
            return finder.systemBlockAt(pointer);
        } catch (InvalidPointer dangling) {
            throw damaged(pointer);
        }
    }

    /// The name in an entry.
    byte[] name(long pointer) {
        Block block = block(pointer);
        int length = memory.getInt(block.base() + LENGTH);
        if (length < 1 || length > Roots.MAX_NAME || length > block.size() - NAME) {
            throw damaged(pointer);
        }
        byte[] bytes = new byte[length];
        memory.copyOut(block.base() + NAME, MemorySegment.ofArray(bytes), 0, length);
        return bytes;
    }

    /// The hash in an entry.
    long hash(long pointer) {
        return memory.getLong(GlobalPointer.offset(pointer) + HASH);
    }

    /// The entry behind an entry, or 0; `length` is how many were met before.
    long next(long pointer, int length) {
        long next = memory.getLongAcquire(GlobalPointer.offset(pointer) + NEXT);
        if (length > MAX_CHAIN || next != 0 && isNode(next, RootDirectory.LEVELS)) {
            throw damaged(pointer);
        }
        return next;
    }

    ArenaUnusable damaged(long pointer) {
        return arena.corrupt("found=damaged root directory at " + GlobalPointer.toString(pointer));
    }
}
