// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.ArenaUnusable;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.LogFull;
import io.btd.gc.CheckReport;
import io.btd.gc.Checker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An arena on a ramdisk that is smaller than its capacity: a child process mounts a tmpfs of 16 MiB that
/// nobody else sees, and fills it. Exhaustion is a typed error each time, never a SIGBUS.
class FullRamdiskTest {
    @TempDir
    Path folder;

    /// The seed of a run in which looking for the largest fit used up part of it.
    private static final long LOOKING_TAKES_MEMORY = 3946463852726833213L;

    @Test
    void lookingForWhatFitsDoesNotTakeItAway() throws Exception {
        fillAndDrain(LOOKING_TAKES_MEMORY);
    }

    @Test
    void aFullRamdiskIsATypedErrorAndServesAgainWhenSomethingIsFree() throws Exception {
        fillAndDrain(Seed.roll().nextLong());
    }

    private void fillAndDrain(long seed) throws Exception {
        List<String> inPrivate = List.of(
                "unshare",
                "-Urm",
                "sh",
                "-c",
                "mount -t tmpfs -o size=16m btd \"$0\" && exec \"$@\"",
                folder.toString());
        assumeTrue(permitted(inPrivate), "private mounts are not permitted here: full ramdisk not tested");
        try (ChildProcess child = new ChildProcess(inPrivate, Filler.class, folder.toString(), Long.toString(seed))) {
            String all = child.rest();
            assertThat(all).as("seed %d", seed).endsWith("ramdisk: ok").doesNotContain("InternalError");
            assertThat(child.exitCode()).isZero();
        }
        assertThat(folder).isEmptyDirectory();
    }

    private static boolean permitted(List<String> inPrivate) throws Exception {
        List<String> command = new ArrayList<>(inPrivate);
        command.add("true");
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (java.io.IOException noUnshare) {
            return false;
        }
    }

    /// The child.
    static final class Filler {
        private final SplittableRandom random;
        private final Path file;
        private BtdCluster cluster;
        private final long slot;
        private final List<Long> blocks = new ArrayList<>();

        private Filler(Path folder, long seed) {
            file = folder.resolve("arena");
            random = new SplittableRandom(seed);
            cluster = open();
            slot = cluster.malloc(16);
        }

        private BtdCluster open() {
            return BtdCluster.embedded(file, 64L << 20);
        }

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            new Filler(folder, Long.parseLong(arguments[1])).run(folder);
            System.out.println("ramdisk: ok");
        }

        private static void require(boolean holds, String what) {
            if (!holds) {
                throw new AssertionError(what);
            }
        }

        private void run(Path folder) throws Exception {
            long[] sizes = {16, 100, 3000, 20_000, 32_768, 50_000, 300_000, 3 << 20};
            for (int round = 0; round < 12; round++) {
                Alloc alloc = random.nextBoolean() ? Alloc.OPAQUE : Alloc.POINTERS;
                fill(sizes[random.nextInt(sizes.length)], alloc);
                if (round == 0) {
                    require(cluster.stat().pagesInUse() > 10 << 20, "less than 10 MiB: " + cluster.stat());
                    secondArena(folder.resolve("second"));
                }
                writeEverywhere();
                logFull();
                while (!blocks.isEmpty() && random.nextInt(blocks.size() + 1) > blocks.size() / 8) {
                    cluster.free(blocks.remove(random.nextInt(blocks.size())));
                }
            }
            fill(16, Alloc.POINTERS);
            fill(1000, Alloc.OPAQUE);
            blocks.subList(0, blocks.size() / 2).forEach(cluster::free);
            blocks.subList(0, blocks.size() / 2).clear();
            names();
            blocks.forEach(cluster::free);
            blocks.clear();
            cluster.free(slot);
            reopenFull();
        }

        private void fill(long size, Alloc alloc) {
            try {
                while (true) {
                    blocks.add(cluster.malloc(size, alloc));
                }
            } catch (Full full) {
                if (full.largest() > 0) {
                    blocks.add(cluster.malloc(full.largest(), alloc));
                }
            }
        }

        private void writeEverywhere() {
            for (int i = 0; i < blocks.size(); i += 1 + blocks.size() / 500) {
                long block = blocks.get(i);
                byte[] bytes = new byte[(int) cluster.usableSize(block)];
                try {
                    cluster.memcpy(block, MemorySegment.ofArray(bytes));
                } catch (LogFull full) {
                    require(bytes.length > 10_000, "no room for a small record");
                }
            }
        }

        private void logFull() {
            long block = blocks.getFirst();
            int size = (int) cluster.usableSize(block);
            cluster.putPointer(slot, block);
            try {
                cluster.memcpy(block, MemorySegment.ofArray(new byte[size]));
            } catch (LogFull full) {
                require(size > 10_000, "no room for a small record");
            }
            cluster.putPointer(slot, 0);
        }

        private void secondArena(Path second) throws Exception {
            byte[] stuffing = new byte[4096];
            Path rest = second.resolveSibling("stuffing");
            try (var out = Files.newOutputStream(rest)) {
                while (true) {
                    out.write(stuffing);
                }
            } catch (java.io.IOException noSpace) {
                // so it is meant
            }
            try {
                BtdCluster.embedded(second, 1 << 20);
                throw new AssertionError("made on a full ramdisk");
            } catch (ArenaUnusable refused) {
                require(refused.fault() == ArenaFault.MEDIUM_FULL, refused.toString());
            }
            require(!Files.exists(second), "left behind");
            try {
                cluster.malloc(1 << 20);
                throw new AssertionError("served on a full ramdisk");
            } catch (Full full) {
                require(full.largest() < 1 << 20, full.toString());
            }
            Files.delete(rest);
        }

        private void names() {
            long block = blocks.getLast();
            int taken = 0;
            try {
                while (true) {
                    cluster.roots().put("name " + taken, block);
                    taken++;
                }
            } catch (Full full) {
                require(cluster.roots().names().size() == taken, "names lost");
            }
            for (int i = 0; i < taken; i++) {
                require(cluster.roots().remove("name " + i, block), "name lost");
            }
        }

        private void reopenFull() throws Exception {
            fill(100_000, Alloc.POINTERS);
            for (int i = 1; i < blocks.size(); i++) {
                cluster.putPointer(blocks.get(i), blocks.get(i - 1));
            }
            cluster.free(blocks.removeFirst());
            cluster.putPointer(blocks.getFirst(), 0);
            cluster.roots().put("all", blocks.getLast());
            long[] sizes = blocks.stream().mapToLong(cluster::usableSize).toArray();
            Path rest = file.resolveSibling("stuffing");
            cluster.close();
            try (var out = Files.newOutputStream(rest)) {
                while (true) {
                    out.write(new byte[4096]);
                }
            } catch (java.io.IOException noSpace) {
                // so it is meant
            }
            CheckReport report = Checker.check(file);
            require(report.sound(), report.toString());
            cluster = open();
            for (int i = 0; i < sizes.length; i++) {
                require(cluster.usableSize(blocks.get(i)) == sizes[i], "another block");
            }
            cluster.close();
        }
    }
}
