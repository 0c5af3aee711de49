// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.canary;

import io.btd.api.BtdCluster;
import io.btd.api.GlobalPointer;
import io.btd.emulator.net.fault.CallFilter;
import io.btd.pmem.PersistentMemory;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls of a cluster, one of them done wrongly; all others go to the heap.
final class WrongCalls implements CallFilter {
    private static final long LINE = 64;
    private static final long PAIR = 16;

    private final Canary canary;
    private final BtdCluster heap;
    private final PersistentMemory memory;
    private final Intent intent;

    WrongCalls(Canary canary, BtdCluster heap, PersistentMemory memory, Intent intent) {
        this.canary = canary;
        this.heap = heap;
        this.memory = memory;
        this.intent = intent;
    }

    @Override
    public @Nullable Object around(String call, Object[] arguments, Supplier<@Nullable Object> right) {
        return switch (canary) {
            case MISSING_FLUSH, MISSING_FENCE, LATE_FENCE, FLUSH_OF_VARIABLE -> {
                if (!call.equals("publish")) {
                    yield right.get();
                }
                publish(GlobalPointer.offset((long) arguments[0]), (long) arguments[1]);
                yield null;
            }
            case WRONG_FLUSH, WRONG_LINE, REPEATED_REDO ->
                call.equals("getAndAdd") ? (Object) add((long) arguments[0], (long) arguments[1]) : right.get();
            case BIT_BEFORE_REFERENCE ->
                call.equals("unlinkAndFree")
                        ? (Object) unlinkAndFree((long) arguments[0], (long) arguments[1], (long) arguments[2])
                        : right.get();
            case TORN_PAIR -> {
                if (!call.equals("memcpy")
                        || !(arguments[1] instanceof MemorySegment pair)
                        || pair.byteSize() != PAIR) {
                    yield right.get();
                }
                memory.copyIn(pair, 0, GlobalPointer.offset((long) arguments[0]), PAIR);
                memory.persist(GlobalPointer.offset((long) arguments[0]), PAIR, PlantedSite.WORD);
                yield null;
            }
            case LOG_DROPPED_EARLY, STALE_RECORD, ABA, LOST_UPDATE, DOUBLE_GRANT -> right.get();
        };
    }

    private void publish(long slot, long block) {
        long base = GlobalPointer.offset(block);
        long bytes = heap.usableSize(block);
        switch (canary) {
            case MISSING_FENCE -> memory.writeBack(base, bytes, PlantedSite.BLOCK);
            case FLUSH_OF_VARIABLE -> memory.persist(slot, Long.BYTES, PlantedSite.BLOCK);
            default -> {
                // nothing before the pointer
            }
        }
        memory.setLongRelease(slot, block);
        if (canary == Canary.LATE_FENCE) {
            memory.persist(base, bytes, PlantedSite.BLOCK);
        }
        memory.persist(slot, Long.BYTES, PlantedSite.SLOT);
    }

    private long add(long address, long delta) {
        long at = GlobalPointer.offset(address);
        long before = memory.getLong(at);
        switch (canary) {
            case WRONG_FLUSH -> {
                memory.setLongRelease(at, before + delta);
                memory.persist(at + LINE, Long.BYTES, PlantedSite.WORD);
            }
            case WRONG_LINE -> {
                memory.setLongRelease(at + LINE, before + delta);
                memory.persist(at + LINE, Long.BYTES, PlantedSite.WORD);
            }
            default -> {
                intent.begin(at, delta);
                heap.getAndAdd(address, delta);
                intent.end();
            }
        }
        return before;
    }

    private boolean unlinkAndFree(long slot, long expected, long replacement) {
        heap.free(expected);
        heap.putPointer(slot, replacement);
        return true;
    }
}
