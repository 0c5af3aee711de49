// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdCluster;
import io.btd.api.PersistenceDomain;
import io.btd.emulator.Seed;
import io.btd.emulator.crash.CrashHook;
import io.btd.emulator.crash.CrashSearch;
import io.btd.gc.CheckReport;
import io.btd.gc.Checker;
import io.btd.node.EmbeddedCluster;
import io.btd.pmem.Geometry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a crash leaves, written out as a file of the real geometry, with holes where nothing was stored, and opened as
/// a
/// user opens it: mapped, locked, reserved and punched by the system. The search itself never leaves its own memory.
class MaterialisedCrashTest {
    private static final int IMAGES = Seed.deep() ? 1_000 : 50;
    private static final long CAPACITY = 1 << 20;
    private static final Geometry GEOMETRY = Geometry.forCapacity(CAPACITY);
    private static final int CHUNK = 4096;

    @TempDir
    Path folder = Path.of("");

    @BeforeAll
    static void hooked() {
        CrashHook.install();
    }

    @Test
    void nothingAcknowledgedIsLost() throws IOException {
        SplittableRandom random = new SplittableRandom(Seed.ofTest("MaterialisedCrashTest"));
        Path file = folder.resolve("arena.btd");
        int unclean = 0;
        HeapCheck none = new HeapCheck(EmbeddedCluster::open, GEOMETRY);
        try (CrashSearch search =
                        new CrashSearch(GEOMETRY.mediumBytes(), PersistenceDomain.CACHE_LINE, none, () -> true);
                Program program = new Program(GEOMETRY, PersistenceDomain.CACHE_LINE, search, EmbeddedCluster::open)) {
            for (int i = 0; i < IMAGES; i++) {
                Script script = Script.random(random).on(random.nextInt(8) == 0, false);
                Violation violation = program.run(script, false).violation();
                assertThat(violation).as(script.token()).isNull();
                Program.Crashed crashed = program.crashed(random);
                write(crashed.image(), file);
                unclean += check(file, crashed.owing(), script.token()) ? 0 : 1;
            }
        }
        assertThat(unclean).isGreaterThan(IMAGES / 2);
    }

    /// Says whether the arena had been closed in order.
    private static boolean check(Path file, Owing owing, String token) throws IOException {
        CheckReport before = Checker.check(file);
        assertThat(before.problems()).as(token).isEmpty();
        try (BtdCluster cluster = BtdCluster.embedded(file, CAPACITY)) {
            HeapState state = new StateMatch(cluster).find(owing);
            if (!before.clean()) {
                Set<Long> live = new HashSet<>(state.cells().keySet());
                live.addAll(new ArenaLook(read(file), GEOMETRY).directoryBlocks());
                assertThat(cluster.stat().liveBlocks())
                        .as(token)
                        .isEqualTo(live.size())
                        .isEqualTo(before.liveBlocks());
            }
        }
        CheckReport after = Checker.check(file);
        assertThat(after.clean()).as(token).isTrue();
        assertThat(after.problems()).as(token).isEmpty();
        if (!before.clean()) {
            assertThat(after.unreachableBytes()).as(token).isZero();
        }
        return before.clean();
    }

    private static MemorySegment read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return MemorySegment.ofArray(new long[bytes.length / 8]).copyFrom(MemorySegment.ofArray(bytes));
    }

    /// Writes what is not zero.
    private static void write(long[] image, Path file) throws IOException {
        Files.deleteIfExists(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            long end = image.length * 8L;
            for (int from = 0; from < image.length; from += CHUNK / 8) {
                boolean last = from * 8L + CHUNK >= end;
                if (fill(chunk.clear(), image, from) || last) {
                    channel.write(chunk.flip(), from * 8L);
                }
            }
        }
        assertThat(Files.size(file)).isEqualTo(image.length * 8L);
    }

    private static boolean fill(ByteBuffer chunk, long[] image, int from) {
        long any = 0;
        for (int word = from; word < Math.min(image.length, from + CHUNK / 8); word++) {
            chunk.putLong(image[word]);
            any |= image[word];
        }
        return any != 0;
    }
}
