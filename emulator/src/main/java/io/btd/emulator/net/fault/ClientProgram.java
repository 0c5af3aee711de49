// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.emulator.net.history.History;
import io.btd.emulator.net.history.Outcome;
import io.btd.emulator.net.history.RecordedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/// What one client does: allocates, fills, reads, publishes in slots and under names, unlinks, frees, and counts in
/// shared
/// words. A correct program: it frees what it holds and nothing else, and leaves alone whatever
/// a call was about that ended with nobody knowing. Not thread-safe.
final class ClientProgram {
    private static final int MOST_HELD = 8;
    private static final int MOST_NAMES = 3;

    private final int client;
    private final RecordedCluster cluster;
    private final List<Integer> nodes;
    private final History history;
    private final Leftovers leftovers;
    private final SplittableRandom random;
    private final SharedWork shared;
    private final List<Long> held = new ArrayList<>();
    private final List<Published> slots = new ArrayList<>();
    private final List<Published> names = new ArrayList<>();
    private final List<Long> freeSlots;
    private int namesMade;

    /// A block, and where: a slot's address, or a name.
    private record Published(long block, long slot, String name) {}

    ClientProgram(
            int client,
            RecordedCluster cluster,
            Fixture fixture,
            List<Integer> nodes,
            History history,
            Leftovers leftovers,
            SplittableRandom random) {
        this.client = client;
        this.cluster = cluster;
        this.nodes = nodes;
        this.history = history;
        this.leftovers = leftovers;
        this.random = random;
        shared = new SharedWork(cluster, fixture, history, random);
        freeSlots = new ArrayList<>(fixture.slots().get(client));
    }

    /// Does the next thing.
    void step() {
        int choice = random.nextInt(100);
        if (choice < 40) {
            shared.step();
        } else if (choice < 60) {
            allocate();
        } else if (choice < 68) {
            read();
        } else if (choice < 76) {
            free();
        } else if (choice < 86) {
            publish();
        } else if (choice < 92) {
            unlink();
        } else if (choice < 96) {
            name();
        } else {
            unname();
        }
        // A session that was lost took everything with it that was only held.
        held.removeIf(block -> !cluster.holds(block));
    }

    private void allocate() {
        if (held.size() >= MOST_HELD) {
            free();
            return;
        }
        long size = 8L * (random.nextInt(16) == 0 ? random.nextInt(1, 8192) : random.nextInt(2, 200));
        Alloc alloc = random.nextBoolean() ? Alloc.OPAQUE : Alloc.POINTERS;
        if (cluster.malloc(size, alloc, place()) instanceof Outcome.Done<Long>(Long block)) {
            leftovers.granted(block, size);
            held.remove(block);
            held.add(block);
            if (cluster.fill(block, size, history.tag()) instanceof Outcome.Unknown<Boolean>) {
                leave(block);
            }
        }
    }

    private UnaryOperator<BtdCluster> place() {
        int node = nodes.get(random.nextInt(nodes.size()));
        return switch (random.nextInt(4)) {
            case 0 -> UnaryOperator.identity();
            case 1 -> BtdCluster::spread;
            default -> all -> all.on(node);
        };
    }

    private void read() {
        List<Published> published = random.nextBoolean() ? slots : names;
        if (!published.isEmpty()) {
            content(any(published).block());
        } else if (!held.isEmpty()) {
            content(any(held));
        }
    }

    private void content(long block) {
        cluster.content(block, leftovers.sizes().getOrDefault(block, 16L));
    }

    private void free() {
        if (held.isEmpty()) {
            return;
        }
        Long block = any(held);
        switch (cluster.free(block)) {
            case Outcome.Done<Boolean> ignored -> {
                held.remove(block);
                leftovers.freed(block);
            }
            case Outcome.Unknown<Boolean> ignored -> leave(block);
            case Outcome.Refused<Boolean> ignored -> {}
        }
    }

    private void publish() {
        if (held.isEmpty() || freeSlots.isEmpty()) {
            return;
        }
        Long block = any(held);
        Long slot = any(freeSlots);
        switch (cluster.putPointer(slot, block)) {
            case Outcome.Done<Boolean> ignored -> {
                held.remove(block);
                freeSlots.remove(slot);
                slots.add(new Published(block, slot, ""));
            }
            case Outcome.Unknown<Boolean> ignored -> {
                leave(block);
                freeSlots.remove(slot);
            }
            case Outcome.Refused<Boolean> ignored -> mayStay(block);
        }
    }

    private void unlink() {
        if (slots.isEmpty()) {
            return;
        }
        Published old = any(slots);
        long replacement = !held.isEmpty() && random.nextBoolean() ? any(held) : 0;
        Outcome<Boolean> outcome = cluster.unlinkAndFree(old.slot(), old.block(), replacement);
        if (outcome instanceof Outcome.Refused<Boolean>) {
            mayStay(replacement);
            return;
        }
        slots.remove(old);
        if (outcome instanceof Outcome.Unknown<Boolean>) {
            leave(old.block());
            leave(replacement);
            return;
        }
        leftovers.freed(old.block());
        held.remove(replacement);
        if (replacement != 0) {
            slots.add(new Published(replacement, old.slot(), ""));
        } else {
            freeSlots.add(old.slot());
        }
    }

    private void name() {
        if (held.isEmpty() || names.size() >= MOST_NAMES) {
            return;
        }
        Long block = any(held);
        String name = "own-" + client + "-" + namesMade++;
        Outcome<Long> outcome =
                random.nextBoolean() ? cluster.rootPut(name, block) : cluster.rootPutIfAbsent(name, block);
        switch (outcome) {
            case Outcome.Done<Long> ignored -> {
                held.remove(block);
                names.add(new Published(block, 0, name));
            }
            case Outcome.Unknown<Long> ignored -> leave(block);
            case Outcome.Refused<Long> ignored -> mayStay(block);
        }
    }

    /// Holds the block before its name goes, so that nothing takes it in between; then frees it as any other.
    private void unname() {
        if (names.isEmpty()) {
            return;
        }
        Published old = any(names);
        Outcome<Boolean> adopted = cluster.adopt(old.block());
        if (!(adopted instanceof Outcome.Done<Boolean>)) {
            return;
        }
        switch (cluster.rootRemove(old.name(), old.block())) {
            case Outcome.Done<Boolean> ignored -> {
                names.remove(old);
                held.add(old.block());
                // Once published, a block is not given back by the end of a session that adopted it.
                leftovers.leave(old.block());
            }
            case Outcome.Unknown<Boolean> ignored -> {
                names.remove(old);
                leave(old.block());
            }
            case Outcome.Refused<Boolean> ignored -> {}
        }
    }

    /// A block that was to be published on another node, and was not, is marked as known elsewhere all the same: until
    /// all
    /// nodes collect together it does not end with its session. Somebody has to free it.
    private void mayStay(long block) {
        if (nodes.size() > 1 && block != 0) {
            leftovers.leave(block);
        }
    }

    /// Never touches a block again: a call about it may yet take effect.
    private void leave(long block) {
        held.remove(block);
        if (block != 0) {
            leftovers.leave(block);
        }
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
