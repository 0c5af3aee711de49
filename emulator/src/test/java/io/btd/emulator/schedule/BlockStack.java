// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.schedule;

import io.btd.pmem.PersistentMemory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stack of free blocks 1, 2 and 3, linked through the blocks. One thread pops; the other pops twice and pushes the
/// first block back. The bug is a head without a count of its changes: it looks the same while what is behind it is
/// not (ABA).
///
/// ```
///   0 head: block, and the count of changes above 2^32
///   8 * block: the next block
/// ```
final class BlockStack implements RacyProgram {
    private static final int COUNT_SHIFT = 32;
    private static final long BLOCK = 0xffff_ffffL;

    private final PersistentMemory memory;
    private final boolean planted;
    private final List<Long> mine = new ArrayList<>();
    private final List<Long> yours = new ArrayList<>();

    BlockStack(PersistentMemory memory, boolean planted) {
        this.memory = memory;
        this.planted = planted;
    }

    @Override
    public List<Runnable> threads() {
        mine.clear();
        yours.clear();
        memory.setLong(0, 1);
        memory.setLong(8, 2);
        memory.setLong(16, 3);
        memory.setLong(24, 0);
        return List.of(() -> mine.add(pop()), () -> {
            long first = pop();
            yours.add(pop());
            push(first);
        });
    }

    private long pop() {
        while (true) {
            long head = memory.getLongAcquire(0);
            long block = head & BLOCK;
            if (block == 0) {
                return 0;
            }
            long next = memory.getLongAcquire(8 * block);
            if (memory.compareAndSetLong(0, head, changed(head, next))) {
                return block;
            }
        }
    }

    private void push(long block) {
        while (true) {
            long head = memory.getLongAcquire(0);
            memory.setLong(8 * block, head & BLOCK);
            if (memory.compareAndSetLong(0, head, changed(head, block))) {
                return;
            }
        }
    }

    private long changed(long head, long block) {
        return planted ? block : (head >>> COUNT_SHIFT) + 1 << COUNT_SHIFT | block;
    }

    @Override
    public @Nullable String fault() {
        List<Long> all = new ArrayList<>(mine);
        all.addAll(yours);
        for (long block = memory.getLong(0) & BLOCK; block != 0; block = memory.getLong(8 * block)) {
            all.add(block);
        }
        all.removeIf(block -> block == 0);
        return all.stream().distinct().count() == all.size() ? null : "a block is in two places: blocks=" + all;
    }
}
