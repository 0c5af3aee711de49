// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.kill;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.Durability;
import io.btd.api.GlobalPointer;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Queue;

/// A shelf on an arena: a block of pointers under a name, and more names. One thread's own; what it unlinks goes to
/// another
/// thread to be freed.
final class ShelfOnArena {
    private final BtdCluster cluster;
    private final int owner;
    private final long block;

    /// Opens the shelf of a thread.
    ///
    /// @throws IllegalStateException when it is not there
    ShelfOnArena(BtdCluster cluster, int owner) {
        this.cluster = cluster;
        this.owner = owner;
        block = cluster.roots().get(name(owner));
        if (block == GlobalPointer.NULL) {
            throw new IllegalStateException("no shelf: owner=" + owner);
        }
    }

    static String name(int owner) {
        return "shelf-" + owner;
    }

    /// Makes an empty shelf.
    static void make(BtdCluster cluster, int owner) {
        long block = cluster.malloc(8L * Shelf.PLACES);
        cluster.roots().put(name(owner), block);
    }

    private String nameOf(int place) {
        return name(owner) + "-" + (place - Shelf.PLACES);
    }

    private long at(int place) {
        return place >= Shelf.PLACES ? cluster.roots().get(nameOf(place)) : cluster.getLong(slot(place));
    }

    private long slot(int place) {
        return block + 8L * place;
    }

    /// Which block is in each place, by the number it holds.
    ///
    /// @throws IllegalStateException when one does not hold what its number says
    long[] numbers() {
        long[] numbers = new long[Shelf.PLACES + Shelf.NAMES];
        for (int place = 0; place < numbers.length; place++) {
            long pointer = at(place);
            if (pointer != GlobalPointer.NULL) {
                long[] words = new long[Shelf.bytes(place) / 8];
                cluster.read(pointer, MemorySegment.ofArray(words));
                if (!Arrays.equals(words, Shelf.content(place, words[0]))) {
                    throw new IllegalStateException("block does not hold what was written: owner=" + owner + ", place="
                            + place + ", number=" + words[0]);
                }
                numbers[place] = words[0];
            }
        }
        return numbers;
    }

    /// Does what a deed says.
    ///
    /// @param unlinked takes the blocks that somebody is to free
    void perform(Shelf.Deed deed, Queue<Long> unlinked) {
        int place = deed.place();
        switch (deed.operation()) {
            case PUBLISH -> {
                long made = made(deed);
                if (deed.named()) {
                    cluster.roots().put(nameOf(place), made);
                } else {
                    cluster.publish(slot(place), made);
                }
            }
            case REPLACE -> {
                long made = made(deed);
                long before = at(place);
                if (deed.named()) {
                    cluster.roots().put(nameOf(place), made);
                    unlinked.add(before);
                } else if (!cluster.unlinkAndFree(slot(place), before, made)) {
                    throw new IllegalStateException("nobody else changes this place: place=" + place);
                }
            }
            case UNLINK -> {
                long before = at(place);
                if (deed.named()) {
                    cluster.roots().remove(nameOf(place), before);
                } else {
                    cluster.putPointer(slot(place), GlobalPointer.NULL);
                }
                unlinked.add(before);
            }
            case REWRITE -> cluster.memcpy(at(place), MemorySegment.ofArray(Shelf.content(place, deed.number())));
        }
    }

    private long made(Shelf.Deed deed) {
        MemorySegment content = MemorySegment.ofArray(Shelf.content(deed.place(), deed.number()));
        long made = cluster.malloc(content.byteSize(), Alloc.OPAQUE);
        cluster.write(made, content, Durability.VISIBLE);
        return made;
    }
}
