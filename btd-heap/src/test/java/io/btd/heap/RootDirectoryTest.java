// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.BtdException;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.InvalidRoot;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Dice;
import io.btd.pmem.Geometry;
import io.btd.pmem.TinyArena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/// Named roots against a map.
class RootDirectoryTest {
    /// Hash functions that make a deep trie of chains.
    private static long fewHashes(byte[] name) {
        return name.length % 3;
    }

    private static long lastDigit(byte[] name) {
        return name[name.length - 1] & 0xff;
    }

    private static long oneHash(byte[] name) {
        return -1;
    }

    private static Heap heap(int children) {
        return new Heap(TinyArena.open(new Geometry(8, 10, 512L * children, children, 2, 320, 512)), false);
    }

    private static List<String> sorted(Iterable<String> names) {
        List<byte[]> bytes = new ArrayList<>();
        names.forEach(name -> bytes.add(name.getBytes(StandardCharsets.UTF_8)));
        bytes.sort(Arrays::compareUnsigned);
        return bytes.stream().map(b -> new String(b, StandardCharsets.UTF_8)).toList();
    }

    @Test
    void theDirectoryFollowsAMapWhateverTheHashes() {
        SplittableRandom random = Dice.roll();
        for (ToLongFunction<byte[]> hash : List.<ToLongFunction<byte[]>>of(
                RootDirectory::hash,
                RootDirectoryTest::fewHashes,
                RootDirectoryTest::lastDigit,
                RootDirectoryTest::oneHash)) {
            follow(random, hash, Dice.deep() ? 20_000 : 3000);
        }
    }

    private static void follow(SplittableRandom random, ToLongFunction<byte[]> hash, int steps) {
        Heap heap = heap(8);
        RootDirectory directory = new RootDirectory(heap, hash);
        Map<String, Long> model = new HashMap<>();
        List<Long> blocks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            blocks.add(heap.malloc(16, Alloc.OPAQUE));
        }
        for (int step = 0; step < steps; step++) {
            String name = "é".repeat(random.nextInt(4)) + random.nextInt(60);
            long block = blocks.get(random.nextInt(blocks.size()));
            long there = model.getOrDefault(name, 0L);
            switch (random.nextInt(4)) {
                case 0 -> {
                    assertThat(directory.put(name, block, false)).isEqualTo(there);
                    model.put(name, block);
                }
                case 1 -> {
                    assertThat(directory.put(name, block, true)).isEqualTo(there);
                    model.putIfAbsent(name, block);
                }
                case 2 -> {
                    assertThat(directory.remove(name, block)).isEqualTo(there == block);
                    model.remove(name, block);
                }
                default -> {
                    assertThat(directory.remove(name, there)).isEqualTo(there != 0);
                    model.remove(name);
                }
            }
            assertThat(directory.get(name)).isEqualTo(model.getOrDefault(name, 0L));
        }
        assertThat(directory.names()).isEqualTo(sorted(model.keySet()));
        model.forEach((name, block) -> assertThat(directory.remove(name, block)).isTrue());
        assertThat(directory.names()).isEmpty();
        long live =
                heap.count().stream().mapToLong(io.btd.api.ClassCount::blocks).sum();
        assertThat(live).as("an empty directory owns no block").isEqualTo(blocks.size());
        heap.close();
    }

    @Test
    void tenThousandNamesSurviveReopening() {
        ArenaFile arena = TinyArena.open(new Geometry(12, 16, 16_384, 32, 2, 320, 512));
        Heap heap = new Heap(arena, false);
        RootDirectory directory = new RootDirectory(heap);
        Map<String, Long> model = new TreeMap<>();
        for (int i = 0; i < 12_000; i++) {
            long block = heap.malloc(16, Alloc.OPAQUE);
            String name = "name/" + i;
            assertThat(directory.put(name, block, true)).isZero();
            model.put(name, block);
        }
        for (int i = 0; i < 12_000; i += 3) {
            assertThat(directory.remove("name/" + i, Objects.requireNonNull(model.remove("name/" + i))))
                    .isTrue();
        }
        assertThat(heap.close()).hasValue(true);
        arena.markClosed(true);

        Heap again = new Heap(ArenaFile.open(arena.medium()), false);
        RootDirectory reopened = new RootDirectory(again);
        assertThat(reopened.names()).isEqualTo(sorted(model.keySet()));
        model.forEach((name, block) -> assertThat(reopened.get(name)).isEqualTo(block));
        assertThat(reopened.get("name/0")).isZero();
        again.close();
    }

    @Test
    void namesOfOneTo1024BytesAreTakenAndNoOthers() {
        Heap heap = heap(2);
        RootDirectory directory = new RootDirectory(heap);
        long block = heap.malloc(16, Alloc.OPAQUE);
        for (String name : List.of("x", "x".repeat(1024), "é".repeat(512), "\0", "a\nb", "\ud83c\udf7a")) {
            assertThat(directory.put(name, block, false)).isZero();
            assertThat(directory.get(name)).isEqualTo(block);
        }
        assertThat(directory.names()).hasSize(6).contains("é".repeat(512), "\0");
        for (String name : List.of("", "x".repeat(1025), "é".repeat(513))) {
            assertThatThrownBy(() -> directory.get(name)).isInstanceOf(InvalidRoot.class);
            assertThatThrownBy(() -> directory.put(name, block, false)).isInstanceOf(InvalidRoot.class);
            assertThatThrownBy(() -> directory.put(name, block, true)).isInstanceOf(InvalidRoot.class);
            assertThatThrownBy(() -> directory.remove(name, block)).isInstanceOf(InvalidRoot.class);
        }
        heap.close();
    }

    @Test
    void whatIsNoBlockIsRefusedAndNothingChanges() {
        Heap heap = heap(1);
        RootDirectory directory = new RootDirectory(heap);
        long block = heap.malloc(16, Alloc.OPAQUE);
        directory.put("there", block, false);
        long freed = heap.malloc(16, Alloc.OPAQUE);
        heap.free(freed);
        for (long wrong : new long[] {0, freed, block + 8, block + 16, 5, -1}) {
            assertThatThrownBy(() -> directory.put("new", wrong, false)).isInstanceOf(InvalidPointer.class);
            assertThatThrownBy(() -> directory.put("there", wrong, false)).isInstanceOf(InvalidPointer.class);
            assertThatThrownBy(() -> directory.put("new", wrong, true)).isInstanceOf(InvalidPointer.class);
        }
        assertThat(directory.names()).containsExactly("there");
        assertThat(directory.get("there")).isEqualTo(block);
        heap.close();
    }

    /// A pointer that outlived its block may name what the directory has there now; a forged one anything.
    @Test
    void noCallOfAProgramReachesTheBlocksOfTheDirectory() {
        Heap heap = new Heap(TinyArena.open(new Geometry(8, 10, 512, 1, 2, 320, 512)), false, Reach.CLUSTER, null);
        RootDirectory directory = new RootDirectory(heap);
        SessionTable sessions = new SessionTable(heap);
        long session = sessions.open(1, 2, 1000);
        long block = heap.malloc(16, Alloc.POINTERS);
        for (int i = 0; i < 20; i++) {
            directory.put("name " + i, block, false);
        }
        List<String> names = directory.names();
        BlockFinder finder = heap.finder();
        int system = 0;
        Geometry geometry = heap.arena().geometry();
        for (long offset = geometry.dataOffset(); offset < geometry.mediumBytes(); offset += 16) {
            long guess = finder.pointer(offset);
            Block found = finder.find(offset);
            if (guess == block) {
                continue;
            }
            system += found != null && found.base() == offset && found.system() ? 1 : 0;
            assertThat(finder.isBlock(guess)).isFalse();
            assertThatThrownBy(() -> heap.free(guess)).isInstanceOf(InvalidPointer.class);
            assertThatThrownBy(() -> heap.unallocate(guess)).isInstanceOf(InvalidPointer.class);
            assertThatThrownBy(() -> heap.beforePointerTo(guess)).isInstanceOf(InvalidPointer.class);
            assertThatThrownBy(() -> heap.export(guess)).isInstanceOf(InvalidPointer.class);
            assertThatThrownBy(() -> heap.pin(guess)).isInstanceOf(InvalidPointer.class);
            assertThatThrownBy(() -> finder.containing(guess, 8)).isInstanceOf(InvalidPointer.class);
            assertThatThrownBy(() -> directory.put("guess", guess, false)).isInstanceOf(InvalidPointer.class);
            assertThat(heap.declare(guess)).isFalse();
            assertThat(heap.freeIfFresh(guess)).isFalse();
        }
        assertThat(system).isGreaterThan(20);
        assertThat(heap.pinned()).isZero();
        assertThat(directory.names()).isEqualTo(names);
        assertThat(sessions.close(session)).isTrue();
        heap.close();
    }

    @Test
    void aDirectoryThatLeadsInCirclesIsRefused() {
        Heap heap = heap(1);
        RootDirectory directory = new RootDirectory(heap, _ -> -1);
        long block = heap.malloc(16, Alloc.OPAQUE);
        for (int i = 0; i < 5; i++) {
            directory.put("name " + i, block, false);
        }
        long slot = heap.arena().geometry().rootSlot(RootSlots.DIRECTORY);
        long first = heap.arena().memory().getLong(slot);
        long entry = io.btd.api.GlobalPointer.offset(first);
        for (int i = 0; i < 4; i++) {
            entry = io.btd.api.GlobalPointer.offset(heap.arena().memory().getLong(entry));
        }
        heap.arena().memory().setLong(entry, first);
        assertThat(directory.get("name 0")).isEqualTo(block);
        assertThatThrownBy(() -> directory.get("name 5")).isInstanceOf(BtdException.ArenaUnusable.class);
        assertThatThrownBy(() -> directory.put("name 5", block, false)).isInstanceOf(BtdException.ArenaUnusable.class);
        assertThatThrownBy(directory::names).isInstanceOf(BtdException.ArenaUnusable.class);
        heap.arena().memory().setLong(slot, block);
        assertThatThrownBy(directory::names).isInstanceOf(BtdException.ArenaUnusable.class);
        heap.arena().memory().setLong(slot, block + 16);
        assertThatThrownBy(() -> directory.get("name 0")).isInstanceOf(BtdException.ArenaUnusable.class);
        heap.close();
    }

    @Test
    void aFullArenaRefusesANameAndKeepsTheOthers() {
        Heap heap = heap(1);
        RootDirectory directory = new RootDirectory(heap);
        long block = heap.malloc(16, Alloc.OPAQUE);
        int taken = 0;
        BtdException refusal = null;
        while (refusal == null) {
            try {
                directory.put("name " + taken, block, false);
                taken++;
            } catch (Full e) {
                refusal = e;
            }
        }
        assertThat(taken).isPositive();
        assertThat(directory.names()).hasSize(taken);
        assertThat(directory.get("name " + taken)).isZero();
        assertThat(directory.remove("name 0", block)).isTrue();
        assertThat(directory.names()).hasSize(taken - 1);
        heap.close();
    }
}
