// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.LogFull;
import io.btd.api.Durability;
import io.btd.api.ScanKind;
import io.btd.emulator.crash.Recorder;
import io.btd.emulator.explore.RaceLedger.Wrong;
import io.btd.emulator.explore.RaceRegister.Change;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A thread of a race: calls the cluster, tells the ledger before and after each call, and has the recorder note what
/// a crash may leave from then on. Between two scheduling points it is alone.
final class RaceThread {
    private static final int[] SIZES = {24, 256, 1040, 32};
    /// One more than there are in a superblock, by size.
    private static final int[] BURSTS = {33, 5};

    private final int number;
    private final BtdCluster cluster;
    private final RaceLedger ledger;
    private final Recorder recorder;
    private final long table;
    private final long target;
    private final Deque<RaceBlock> hand = new ArrayDeque<>();

    RaceThread(int number, BtdCluster cluster, RaceLedger ledger, Recorder recorder, long table, long target) {
        this.number = number;
        this.cluster = cluster;
        this.ledger = ledger;
        this.recorder = recorder;
        this.table = table;
        this.target = target;
    }

    /// The blocks only this thread knows.
    Deque<RaceBlock> hand() {
        return hand;
    }

    void perform(List<RaceStep> steps) {
        for (RaceStep step : steps) {
            try {
                perform(step);
            } catch (Full | LogFull refused) {
                owed(step, true);
            }
        }
    }

    private void perform(RaceStep step) {
        switch (step.kind()) {
            case MALLOC -> malloc(step.argument());
            case FREE -> free();
            case BURST -> {
                int variant = 1 - step.argument();
                for (int i = 0; i < BURSTS[variant]; i++) {
                    malloc(variant);
                }
            }
            case DROP -> {
                while (!hand.isEmpty()) {
                    free();
                }
            }
            case GIVE -> {
                if (!hand.isEmpty()) {
                    ledger.given.add(hand.pop());
                }
            }
            case TAKE -> {
                if (!ledger.given.isEmpty()) {
                    hand.push(ledger.given.remove());
                }
            }
            case SWAP -> swap(step, step.argument());
            case LINK -> link(step);
            case CAS -> compareAndSet(step, step.argument());
            case UNLINK -> unlink(step, step.argument() % RaceLedger.SHARED, step.argument() / RaceLedger.SHARED != 0);
            case PUT -> put(step, step.argument());
            case REMOVE -> remove(step, step.argument());
            case ONCE -> once(step);
            case COPY -> copy(step);
            case DOUBLE -> freeVictim();
        }
    }

    private void owed(RaceStep step, boolean acknowledges) {
        recorder.promise(ledger.owing(Owing.RACING + number + " " + step, acknowledges));
    }

    private void malloc(int variant) {
        int size = SIZES[variant];
        ScanKind kind = variant == 3 ? ScanKind.POINTERS : ScanKind.OPAQUE;
        long pointer = cluster.malloc(size, kind == ScanKind.OPAQUE ? Alloc.OPAQUE : Alloc.POINTERS);
        byte[] content = kind == ScanKind.OPAQUE ? RaceLedger.filled(ledger.tag(), size) : new byte[size];
        RaceBlock block = ledger.born(pointer, kind, size, content);
        if (kind == ScanKind.OPAQUE) {
            cluster.write(pointer, MemorySegment.ofArray(content), Durability.VISIBLE);
        }
        hand.push(block);
    }

    private void free() {
        if (!hand.isEmpty()) {
            free(hand.pop());
        }
    }

    /// Frees a block that is this thread's.
    void free(RaceBlock block) {
        ledger.mayFree(number, block.pointer());
        cluster.free(block.pointer());
        ledger.mayFreeNoMore(number);
        ledger.died(block);
    }

    private void freeVictim() {
        RaceBlock victim = ledger.victim;
        if (victim == null) {
            return;
        }
        ledger.mayFree(number, victim.pointer());
        try {
            cluster.free(victim.pointer());
            ledger.died(victim);
        } catch (InvalidPointer refused) {
            // Right only if another thread's free took place: at the end it must be dead.
            ledger.victimRefused = true;
        } finally {
            ledger.mayFreeNoMore(number);
        }
    }

    private long word(int index) {
        return table + 8L * index;
    }

    /// A block that will be in a register once the call returns: in the newest place of the hand.
    private @Nullable RaceBlock offer(RaceRegister register) {
        RaceBlock block = hand.poll();
        if (block != null) {
            register.inside.add(block);
        }
        return block;
    }

    /// The call did not put it there.
    private void takeBack(RaceRegister register, @Nullable RaceBlock block) {
        if (block != null) {
            if (!register.inside.remove(block)) {
                throw new Wrong(register.name + " gave away what was not put there: " + HeapState.hex(block.pointer()));
            }
            hand.push(block);
        }
    }

    private static long numberOf(@Nullable RaceBlock block) {
        return block == null ? 0 : block.number;
    }

    private static long pointerOf(@Nullable RaceBlock block) {
        return block == null ? 0 : block.pointer();
    }

    private Change begin(RaceStep step, RaceRegister register, long value, @Nullable Long expected) {
        Change change = register.begin(ledger.tick(), value, expected);
        owed(step, false);
        return change;
    }

    private void end(
            RaceStep step, RaceRegister register, Change change, @Nullable Long before, @Nullable Boolean done) {
        register.end(number, change, ledger.tick(), before, done);
        owed(step, true);
    }

    private void took(RaceRegister register, long pointer) {
        if (pointer != 0) {
            hand.push(ledger.takenOut(register, pointer));
        }
    }

    private void swap(RaceStep step, int index) {
        RaceRegister register = ledger.words.get(index);
        RaceBlock block = offer(register);
        Change change = begin(step, register, numberOf(block), null);
        long before = cluster.getAndSet(word(index), pointerOf(block));
        end(step, register, change, before, null);
        took(register, before);
    }

    private void link(RaceStep step) {
        int index = RaceLedger.SHARED + number;
        RaceRegister register = ledger.words.get(index);
        if (hand.isEmpty()) {
            return;
        }
        long before = cluster.getLong(word(index));
        RaceBlock block = offer(register);
        Change change = begin(step, register, numberOf(block), null);
        cluster.publish(word(index), pointerOf(block));
        end(step, register, change, before, null);
        took(register, before);
    }

    private long read(RaceRegister register, int index) {
        long began = ledger.tick();
        long pointer = cluster.getLong(word(index));
        register.read(number, began, ledger.tick(), pointer);
        return pointer;
    }

    private void compareAndSet(RaceStep step, int index) {
        RaceRegister register = ledger.words.get(index);
        long expected = read(register, index);
        RaceBlock block = offer(register);
        Change change = begin(step, register, numberOf(block), expected);
        boolean done = cluster.compareAndSet(word(index), expected, pointerOf(block));
        end(step, register, change, null, done);
        if (done) {
            took(register, expected);
        } else {
            takeBack(register, block);
        }
    }

    private void unlink(RaceStep step, int index, boolean replace) {
        RaceRegister register = ledger.words.get(index);
        long expected = read(register, index);
        if (expected == 0) {
            return;
        }
        RaceBlock block = replace ? offer(register) : null;
        Change change = begin(step, register, numberOf(block), expected);
        ledger.mayFree(number, expected);
        boolean done;
        try {
            done = cluster.unlinkAndFree(word(index), expected, pointerOf(block));
        } catch (InvalidPointer refused) {
            ledger.mayFreeNoMore(number);
            if (!ledger.maybeFree(expected)) {
                throw refused;
            }
            register.refused(change);
            owed(step, true);
            takeBack(register, block);
            return;
        }
        ledger.mayFreeNoMore(number);
        end(step, register, change, null, done);
        if (done) {
            ledger.died(ledger.takenOut(register, expected));
        } else {
            takeBack(register, block);
        }
    }

    private void put(RaceStep step, int index) {
        if (hand.isEmpty()) {
            return;
        }
        RaceRegister register = ledger.names.get(index);
        RaceBlock block = offer(register);
        Change change = begin(step, register, numberOf(block), null);
        long before;
        try {
            before = cluster.roots().put(RaceLedger.NAMES.get(index), pointerOf(block));
        } catch (Full full) {
            register.refused(change);
            takeBack(register, block);
            throw full;
        }
        end(step, register, change, before, null);
        took(register, before);
    }

    private void remove(RaceStep step, int index) {
        String name = RaceLedger.NAMES.get(index);
        RaceRegister register = ledger.names.get(index);
        long began = ledger.tick();
        long expected = cluster.roots().get(name);
        register.read(number, began, ledger.tick(), expected);
        if (expected == 0) {
            return;
        }
        Change change = begin(step, register, 0, expected);
        boolean done = cluster.roots().remove(name, expected);
        end(step, register, change, null, done);
        if (done) {
            took(register, expected);
        }
    }

    private void once(RaceStep step) {
        if (hand.isEmpty()) {
            return;
        }
        RaceRegister register = ledger.slot;
        RaceBlock block = offer(register);
        Change change = begin(step, register, numberOf(block), 0L);
        long there = cluster.roots().setSlotOnce(0, pointerOf(block));
        boolean mine = there == pointerOf(block);
        end(step, register, change, null, mine);
        if (!mine) {
            takeBack(register, block);
        }
    }

    private void copy(RaceStep step) {
        long tag = ledger.tag();
        Change change = begin(step, ledger.copies, tag, null);
        try {
            cluster.memcpy(target, MemorySegment.ofArray(RaceLedger.filled(tag, RaceLedger.COPY_BYTES)));
        } catch (LogFull full) {
            ledger.copies.refused(change);
            throw full;
        }
        end(step, ledger.copies, change, null, null);
    }
}
