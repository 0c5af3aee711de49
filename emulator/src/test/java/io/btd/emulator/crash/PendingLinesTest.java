// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.PersistenceDomain;
import io.btd.pmem.PersistentMemory;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Which images are possible, and no others.
class PendingLinesTest {
    private static final Promise PROMISE = Owed.exactly(0);

    /// Every image that can remain at the end: the first two words of the first two lines.
    private static Set<String> images(Consumer<PersistentMemory> program) {
        return images(PersistenceDomain.CACHE_LINE, program);
    }

    private static Set<String> images(PersistenceDomain domain, Consumer<PersistentMemory> program) {
        Set<String> images = new TreeSet<>();
        Check look = (image, promise, random) -> {
            PersistentMemory memory = image.medium().memory();
            images.add("%d%d %d%d"
                    .formatted(memory.getLong(0), memory.getLong(8), memory.getLong(64), memory.getLong(72)));
            return null;
        };
        try (Recorder recorder = new Recorder(4096, domain);
                CrashSearch search = new CrashSearch(4096, domain, look, () -> false)) {
            program.accept(recorder.medium().memory());
            recorder.promise(PROMISE);
            search.explore(new long[recorder.words()], recorder.trace(), 0, 1);
        }
        return images;
    }

    @Test
    void plainStoresToALineArriveInAnyOrder() {
        assertThat(images(m -> {
                    m.setLong(0, 1);
                    m.setLong(8, 2);
                }))
                .containsExactly("00 00", "02 00", "10 00", "12 00");
    }

    @Test
    void orderedStoresToALineArriveInOrder() {
        assertThat(images(m -> {
                    m.setLong(0, 1);
                    m.setLongRelease(8, 2);
                }))
                .containsExactly("00 00", "10 00", "12 00");
    }

    @Test
    void linesAreIndependent() {
        assertThat(images(m -> {
                    m.setLongRelease(0, 1);
                    m.setLongRelease(64, 2);
                }))
                .containsExactly("00 00", "00 20", "10 00", "10 20");
    }

    @Test
    void writeBackAloneCompletesNothing() {
        assertThat(images(m -> {
                    m.setLong(0, 1);
                    m.writeBack(0, 8, CanarySite.DATA);
                    m.setLong(8, 2);
                }))
                .containsExactly("00 00", "10 00", "12 00");
    }

    @Test
    void fenceCompletesWhatWasWrittenBack() {
        assertThat(images(m -> {
                    m.setLong(0, 1);
                    m.writeBack(0, 8, CanarySite.DATA);
                    m.setLong(8, 2);
                    m.setLong(64, 3);
                    m.fence(CanarySite.DATA);
                }))
                .containsExactly("10 00", "10 30", "12 00", "12 30");
    }

    @Test
    void aWordIsNeverTornAndItsStoresStayInOrder() {
        assertThat(images(m -> {
                    m.setLong(0, 1);
                    m.setLong(0, 2);
                    m.setByte(8, (byte) 7);
                }))
                .containsExactly("00 00", "07 00", "10 00", "17 00", "20 00", "27 00");
    }

    @Test
    void aSectorOfAPageArrivesAsFarAsItsStoresHaveCome() {
        assertThat(images(PersistenceDomain.PAGE, m -> {
                    m.setLongRelease(0, 1);
                    m.setLongRelease(64, 2);
                }))
                .containsExactly("00 00", "10 00", "10 20");
    }

    @Test
    void sectorsOfAPageAreIndependent() {
        Set<String> images = new TreeSet<>();
        Check look = (image, promise, random) -> {
            PersistentMemory memory = image.medium().memory();
            images.add(memory.getLong(0) + " " + memory.getLong(512));
            return null;
        };
        try (Recorder recorder = new Recorder(4096, PersistenceDomain.PAGE);
                CrashSearch search = new CrashSearch(4096, PersistenceDomain.PAGE, look, () -> false)) {
            PersistentMemory memory = recorder.medium().memory();
            memory.setLongRelease(0, 1);
            memory.setLongRelease(512, 2);
            recorder.promise(PROMISE);
            search.explore(new long[recorder.words()], recorder.trace(), 0, 1);
        }
        assertThat(images).containsExactly("0 0", "0 2", "1 0", "1 2");
    }

    @Test
    void aPageIsOnTheMediumOnceItIsWrittenBack() {
        assertThat(images(PersistenceDomain.PAGE, m -> {
                    m.setLongRelease(0, 1);
                    m.writeBack(0, 8, CanarySite.DATA);
                    m.setLongRelease(64, 2);
                    m.fence(CanarySite.DATA);
                }))
                .containsExactly("10 00", "10 20");
    }

    @Test
    void aStoreBufferKeepsTheOrderAcrossLines() {
        assertThat(images(PersistenceDomain.EADR, m -> {
                    m.setLongRelease(0, 1);
                    m.writeBack(0, 8, CanarySite.DATA);
                    m.setLongRelease(64, 2);
                }))
                .containsExactly("00 00", "10 00", "10 20");
    }

    @Test
    void aFenceEmptiesTheStoreBuffer() {
        assertThat(images(PersistenceDomain.EADR, m -> {
                    m.setLong(0, 1);
                    m.setLong(64, 2);
                    m.fence(CanarySite.DATA);
                    m.setLongRelease(8, 3);
                }))
                .containsExactly("10 20", "13 20");
    }
}
