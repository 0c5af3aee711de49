// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.PersistenceDomain;
import io.btd.pmem.PersistentMemory;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Each rule finds what is planted for it, and nothing in the same program without it. No image is wrong here:
/// what is found, the rules find.
class TraceRulesTest {
    private static final int DATA = 256;
    private static final int SLOT = 512;
    private static final int LOG = 1024;

    @BeforeAll
    static void hooked() {
        CrashHook.install();
    }

    /// Word 0 is needed, all but its lowest bit; word `DATA` is logged in word `LOG`; what is stored to word
    /// `SLOT` makes word `DATA` reachable.
    private record Rules(boolean acknowledges, boolean inLog) implements Promise {
        @Override
        public long needs(int word) {
            return word == 0 ? ~1L : 0;
        }

        @Override
        public @Nullable Logged logged() {
            return !inLog
                    ? null
                    : new Logged() {
                        @Override
                        public boolean contains(int word) {
                            return word == DATA / 8;
                        }

                        @Override
                        public boolean covered(long[] durable, int word, long value) {
                            return durable[LOG / 8] == value;
                        }
                    };
        }

        @Override
        public Span[] published(int word, long value, long[] visible) {
            return word == SLOT / 8 ? new Span[] {new Span(DATA / 8, DATA / 8 + 1, true)} : Span.NONE;
        }

        @Override
        public long hash() {
            return 1;
        }
    }

    private static String broken(Consumer<PersistentMemory> program) {
        return broken(PersistenceDomain.CACHE_LINE, false, (memory, recorder) -> program.accept(memory));
    }

    private interface Body {
        void run(PersistentMemory memory, Recorder recorder) throws InterruptedException;
    }

    private static String broken(PersistenceDomain domain, boolean inLog, Body program) {
        try (Recorder recorder = new Recorder(4096, domain);
                CrashSearch search = new CrashSearch(4096, domain, (image, promise, random) -> null, () -> false)) {
            recorder.promise(new Rules(false, inLog));
            program.run(recorder.medium().memory(), recorder);
            recorder.promise(new Rules(true, false));
            Finding finding = search.explore(new long[recorder.words()], recorder.trace(), 0, 1);
            return finding == null ? "" : finding.what();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void dirtyAtTheAcknowledgement() {
        assertThat(broken(m -> m.setLong(0, 2)))
                .contains("dirty at the acknowledgement")
                .contains("offset=0x0");
        assertThat(broken(m -> {
                    m.setLong(0, 2);
                    m.persist(0, 8, CanarySite.DATA);
                }))
                .isEmpty();
    }

    @Test
    void bitsThatNobodyNeedsMayBeDirty() {
        assertThat(broken(m -> m.setLong(0, 1))).isEmpty();
        assertThat(broken(m -> m.setLong(8, 2))).isEmpty();
    }

    @Test
    void flushedButNotFencedAtTheAcknowledgement() {
        assertThat(broken(m -> {
                    m.setLong(0, 2);
                    m.writeBack(0, 8, CanarySite.DATA);
                }))
                .contains("not fenced at the acknowledgement");
        assertThat(broken(PersistenceDomain.EADR, false, (m, r) -> m.setLong(0, 2)))
                .contains("not fenced at the acknowledgement");
        assertThat(broken(PersistenceDomain.EADR, false, (m, r) -> {
                    m.setLong(0, 2);
                    m.fence(CanarySite.DATA);
                }))
                .isEmpty();
    }

    @Test
    void anotherThreadsValueThatIsNotPersistentYet() {
        assertThat(broken(PersistenceDomain.CACHE_LINE, false, (m, r) -> other(m, r, false)))
                .contains("another thread's value");
        assertThat(broken(PersistenceDomain.CACHE_LINE, false, (m, r) -> other(m, r, true)))
                .isEmpty();
    }

    /// Another thread stores; this one reads it, and acknowledges what follows from it.
    private static void other(PersistentMemory memory, Recorder recorder, boolean persists)
            throws InterruptedException {
        Thread other = Thread.ofPlatform().unstarted(() -> memory.setLong(0, 2));
        recorder.admit(other);
        other.start();
        other.join();
        memory.getLong(0);
        if (persists) {
            memory.persist(0, 8, CanarySite.DATA);
        }
    }

    @Test
    void unloggedStoreIntoALoggedRange() {
        assertThat(broken(PersistenceDomain.CACHE_LINE, true, (m, r) -> {
                    m.setLong(LOG, 7);
                    m.writeBack(LOG, 8, CanarySite.DATA);
                    m.setLong(DATA, 7);
                }))
                .contains("unlogged store");
        assertThat(broken(PersistenceDomain.CACHE_LINE, true, (m, r) -> {
                    m.setLong(LOG, 7);
                    m.persist(LOG, 8, CanarySite.DATA);
                    m.setLong(DATA, 7);
                }))
                .isEmpty();
    }

    @Test
    void publishedBeforeItIsPersistent() {
        assertThat(broken(m -> {
                    m.setLong(DATA, 7);
                    m.setLongRelease(SLOT, DATA);
                }))
                .contains("published before it is persistent");
        assertThat(broken(m -> {
                    m.setLong(DATA, 7);
                    m.persist(DATA, 8, CanarySite.DATA);
                    m.setLongRelease(SLOT, DATA);
                }))
                .isEmpty();
    }

    @Test
    void whatSavesNothingIsCounted() {
        try (Recorder recorder = new Recorder(4096, PersistenceDomain.CACHE_LINE);
                CrashSearch search = new CrashSearch(
                        4096, PersistenceDomain.CACHE_LINE, (image, promise, random) -> null, () -> false)) {
            PersistentMemory memory = recorder.medium().memory();
            recorder.promise(new Rules(false, false));
            memory.setLong(0, 2);
            memory.writeBack(0, 128, CanarySite.DATA);
            memory.fence(CanarySite.DATA);
            memory.persist(0, 8, CanarySite.DATA);
            assertThat(search.explore(new long[recorder.words()], recorder.trace(), 0, 1))
                    .isNull();
            PersistCounts.Count count = search.persists().all().getFirst();
            assertThat(count)
                    .isEqualTo(new PersistCounts.Count("", Objects.requireNonNull(CanarySite.DATA), 3, 2, 2, 1, 1));
        }
    }

    @Test
    void aFenceBehindWhichOnlyOrderedStoresFollowIsNotMissed() {
        assertThat(missable((recorder, memory) -> memory.setLongRelease(64, 1))).isZero();
        assertThat(missable((recorder, memory) -> {})).isZero();
        assertThat(missable((recorder, memory) -> memory.setLong(64, 1))).isOne();
        assertThat(missable((recorder, memory) -> {
                    memory.setLongRelease(64, 1);
                    memory.setLong(72, 1);
                }))
                .isOne();
        assertThat(missable((recorder, memory) -> {
                    memory.setLongRelease(64, 1);
                    recorder.promise(new Rules(false, false));
                }))
                .isOne();
        assertThat(missable((recorder, memory) -> {
                    memory.setLongRelease(64, 1);
                    memory.fence(CanarySite.PUBLISH);
                }))
                .isZero();
    }

    /// How many fences of a store are missable, with what follows them.
    private static long missable(BiConsumer<Recorder, PersistentMemory> after) {
        try (Recorder recorder = new Recorder(4096, PersistenceDomain.EADR);
                CrashSearch search =
                        new CrashSearch(4096, PersistenceDomain.EADR, (image, promise, random) -> null, () -> false)) {
            recorder.promise(new Rules(false, false));
            recorder.medium().memory().setLong(0, 2);
            recorder.medium().memory().fence(CanarySite.DATA);
            after.accept(recorder, recorder.medium().memory());
            assertThat(search.explore(new long[recorder.words()], recorder.trace(), 0, 1))
                    .isNull();
            return search.persists().all().stream()
                    .filter(count -> count.site() == CanarySite.DATA)
                    .mapToLong(PersistCounts.Count::missableFences)
                    .sum();
        }
    }
}
