// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.canary;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.GlobalPointer;
import io.btd.emulator.net.fault.CallFilter;
import io.btd.pmem.Interleaving;
import io.btd.pmem.PersistentMemory;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A lock-free stack of free blocks of one size in front of the heap, linked through the blocks (Treiber, "Systems
/// Programming: Coping with Parallelism", 1986; the head has a count of its changes, as there), with a race planted.
/// What
/// is on it is live to the heap, so it is emptied before anybody asks what is.
final class FreeList implements CallFilter {
    private static final long BYTES = 24;
    private static final Head EMPTY = new Head(0, 0);

    private record Head(long block, long changes) {}

    private final Canary canary;
    private final BtdCluster heap;
    private final PersistentMemory memory;
    private final AtomicReference<Head> head = new AtomicReference<>(EMPTY);
    private final Set<Long> mine = ConcurrentHashMap.newKeySet();

    FreeList(Canary canary, BtdCluster heap, PersistentMemory memory) {
        this.canary = canary;
        this.heap = heap;
        this.memory = memory;
    }

    @Override
    public @Nullable Object around(String call, Object[] arguments, Supplier<@Nullable Object> right) {
        return switch (call) {
            case "malloc" ->
                arguments.length == 2 && arguments[0].equals(BYTES) && Alloc.OPAQUE.equals(arguments[1])
                        ? malloc()
                        : right.get();
            case "free" -> {
                if (!mine.contains((Long) arguments[0])) {
                    yield right.get();
                }
                push((long) arguments[0]);
                yield null;
            }
            case "unlinkAndFree" -> {
                Long unlinked = (Long) arguments[1];
                boolean known = mine.remove(unlinked);
                Object done = right.get();
                if (known && Boolean.FALSE.equals(done)) {
                    mine.add(unlinked);
                }
                yield done;
            }
            case "stat", "close" -> {
                empty();
                yield right.get();
            }
            default -> right.get();
        };
    }

    private Object malloc() {
        long block = pop();
        if (block == 0) {
            block = heap.malloc(BYTES, Alloc.OPAQUE);
            mine.add(block);
        }
        return block;
    }

    private void empty() {
        for (long block = pop(); block != 0; block = pop()) {
            mine.remove(block);
            heap.free(block);
        }
    }

    private long pop() {
        while (true) {
            Head seen = look();
            if (seen.block() == 0) {
                return 0;
            }
            long next = memory.getLong(GlobalPointer.offset(seen.block()));
            if (replace(seen, next, canary == Canary.DOUBLE_GRANT)) {
                return seen.block();
            }
        }
    }

    private void push(long block) {
        while (true) {
            Head seen = look();
            memory.setLong(GlobalPointer.offset(block), seen.block());
            if (replace(seen, block, canary == Canary.LOST_UPDATE)) {
                return;
            }
        }
    }

    private Head look() {
        Interleaving.point();
        return Objects.requireNonNull(head.get());
    }

    private boolean replace(Head seen, long block, boolean blindly) {
        Interleaving.point();
        Head next = new Head(block, seen.changes() + 1);
        if (blindly) {
            head.set(next);
            return true;
        }
        Head now = Objects.requireNonNull(head.get());
        boolean same = canary == Canary.ABA ? now.block() == seen.block() : now.equals(seen);
        return same && head.compareAndSet(now, next);
    }
}
