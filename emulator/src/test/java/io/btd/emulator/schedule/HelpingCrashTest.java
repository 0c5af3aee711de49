// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.CrashHook;
import io.btd.emulator.crash.CrashSearch;
import io.btd.emulator.crash.Finding;
import io.btd.emulator.crash.Promise;
import io.btd.emulator.crash.Recorder;
import io.btd.pmem.PersistSite;
import io.btd.pmem.PersistentMemory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What takes both an interleaving and a crash: two threads set a slot once. The one that comes second must make what
/// it found durable before it says so; the bug is to leave that to the first.
class HelpingCrashTest {
    private static final long BYTES = 4096;

    @BeforeAll
    static void hooked() {
        CrashHook.install();
    }

    private enum Site implements PersistSite {
        SLOT;

        @Override
        public int number() {
            return 1;
        }

        @Override
        public String protects() {
            return "the slot";
        }
    }

    /// @param value that must be in the slot; 0 when nothing is owed
    private record Owed(long value, boolean acknowledges) implements Promise {
        @Override
        public long hash() {
            return value;
        }
    }

    private static void setOnce(Recorder recorder, long value, boolean helps) {
        PersistentMemory memory = recorder.medium().memory();
        if (memory.compareAndSetLong(0, 0, value) || helps) {
            memory.persist(0, 8, Site.SLOT);
        }
        recorder.promise(new Owed(memory.getLongAcquire(0), true));
    }

    /// The schedules it took; 0 when nothing was found.
    private static int search(int preemptions, boolean helps) {
        try (Scheduler scheduler = new Scheduler(2, 1000);
                Recorder recorder = new Recorder(BYTES, PersistenceDomain.CACHE_LINE);
                CrashSearch search =
                        new CrashSearch(BYTES, PersistenceDomain.CACHE_LINE, HelpingCrashTest::examine, () -> false)) {
            long[] zeros = new long[recorder.words()];
            int schedules = 0;
            Preemptions all = new Preemptions(2, preemptions);
            for (Policy next = all.next(); next != null; next = all.next()) {
                recorder.layAll(zeros);
                Outcome outcome = scheduler.run(
                        List.of(() -> setOnce(recorder, 1, helps), () -> setOnce(recorder, 2, helps)), next);
                all.ran(outcome);
                assertThat(outcome.wrong()).isNull();
                schedules++;
                Finding finding = search.explore(zeros, recorder.trace(), 0, 1);
                if (finding != null) {
                    return schedules;
                }
            }
            return 0;
        }
    }

    private static @Nullable String examine(Recorder image, Promise promise, java.util.SplittableRandom random) {
        long found = image.medium().memory().getLong(0);
        long owed = ((Owed) promise).value();
        return owed == 0 || found == owed ? null : "slot holds " + found + " instead of " + owed;
    }

    @Test
    void aThreadThatDoesNotHelpLosesWhatItSaid() {
        assertThat(search(0, false)).isZero();
        int took = search(1, false);
        System.out.println("set once without helping, one preemption: schedules=" + took);
        assertThat(took).isPositive();
        assertThat(search(1, true)).isZero();
        assertThat(search(2, true)).isZero();
    }
}
