// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.PersistenceDomain;
import io.btd.api.Roots;
import io.btd.emulator.Seed;
import io.btd.emulator.crash.CrashHook;
import io.btd.emulator.crash.CrashSearch;
import io.btd.emulator.crash.Recorder;
import io.btd.node.EmbeddedCluster;
import io.btd.pmem.Geometry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// An arena with flipped and random words opens or is refused by a typed error, and goes on to answer or
/// refuse calls the same way: nothing else is thrown, and everything ends.
class GarbageCrashTest {
    private static final int SCRIPTS = Seed.deep() ? 20_000 : 150;
    private static final int DAMAGES = 40;

    @BeforeAll
    static void hooked() {
        CrashHook.install();
    }

    @Test
    void onlyTypedErrors() {
        long seed = Seed.ofTest("GarbageCrashTest");
        SplittableRandom random = new SplittableRandom(seed);
        Geometry geometry = Exploration.GEOMETRY;
        TreeMap<String, String> untyped = new TreeMap<>();
        HeapCheck nothing = new HeapCheck(EmbeddedCluster::open, geometry);
        try (CrashSearch search =
                        new CrashSearch(geometry.mediumBytes(), PersistenceDomain.PROCESS, nothing, () -> true);
                Program program = new Program(geometry, PersistenceDomain.PROCESS, search, EmbeddedCluster::open);
                Recorder victim = new Recorder(geometry.mediumBytes(), PersistenceDomain.PROCESS)) {
            for (int i = 0; i < SCRIPTS; i++) {
                Script script = Script.random(random);
                program.run(script, false);
                long[] image = program.image();
                for (int damage = 0; damage < DAMAGES; damage++) {
                    String what = damageAndUse(victim, image.clone(), geometry, random);
                    if (!what.isEmpty()) {
                        untyped.putIfAbsent(what, script.token());
                    }
                }
            }
        }
        assertThat(untyped).isEmpty();
    }

    private static String damageAndUse(Recorder victim, long[] image, Geometry geometry, SplittableRandom random) {
        List<Integer> used = new ArrayList<>();
        for (int word = 0; word < image.length; word++) {
            if (image[word] != 0 && word >= geometry.headerBytes() / 8) {
                used.add(word);
            }
        }
        for (int n = random.nextInt(3); n >= 0 && !used.isEmpty(); n--) {
            int word = used.get(random.nextInt(used.size()));
            image[word] = switch (random.nextInt(4)) {
                case 0 -> image[word] ^ 1L << random.nextInt(64);
                case 1 -> random.nextLong();
                case 2 -> image[used.get(random.nextInt(used.size()))];
                default -> image[word] + random.nextInt(-4096, 4096);
            };
        }
        victim.layAll(image);
        victim.limit();
        try {
            use(EmbeddedCluster.open(victim.medium(), false));
            return "";
        } catch (BtdException typed) {
            return "";
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return e.getClass().getName() + " at " + where(e);
        }
    }

    private static String where(Throwable e) {
        return Arrays.stream(e.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("io.btd"))
                .filter(frame -> !frame.getClassName().startsWith("io.btd.pmem"))
                .findFirst()
                .map(StackTraceElement::toString)
                .orElse("nowhere");
    }

    private static void use(BtdCluster cluster) {
        cluster.stat();
        long block = cluster.malloc(24);
        cluster.putPointer(block, cluster.malloc(600));
        cluster.free(cluster.malloc(2000, Alloc.OPAQUE));
        for (int slot = 0; slot < Roots.SLOTS; slot++) {
            cluster.roots().slot(slot);
        }
        cluster.roots().names();
        cluster.roots().put("x", cluster.malloc(40));
        cluster.close();
    }
}
