// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.CrashSearch;
import io.btd.emulator.crash.Finding;
import io.btd.emulator.crash.ImageHash;
import io.btd.emulator.crash.Recorder;
import io.btd.emulator.crash.Trace;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Runs scripts on a fresh arena and has each of their lives crashed: the time from one start to the next
/// crash of the script, or to its end. Reused from script to script; confined to one thread.
final class Program implements AutoCloseable {
    private static final UUID ARENA = new UUID(0x6274, 1);

    private final Recorder recorder;
    private final CrashSearch search;
    private final Geometry geometry;
    private final Opening opening;
    private final long[] zeros;
    private final Partner partner = new Partner();

    private long[] base;
    private int life;
    private int lastStep;
    private int stepsApplied;
    private Ledger ledger = new Ledger();
    private @Nullable Session session;

    Program(Geometry geometry, PersistenceDomain domain, CrashSearch search, Opening opening) {
        this.geometry = geometry;
        this.search = search;
        this.opening = opening;
        recorder = new Recorder(geometry.mediumBytes(), domain);
        recorder.admit(partner.thread());
        zeros = new long[recorder.words()];
        base = zeros;
    }

    /// What running a script came to.
    ///
    /// @param violation what was found, or null
    /// @param applied how many of its steps did something
    record Outcome(@Nullable Violation violation, int applied) {}

    /// Runs a script.
    ///
    /// @param onlyLast whether only the last step is crashed (its predecessors were, as a script of their
    ///     own), and only if every step applies
    Outcome run(Script script, boolean onlyLast) {
        begin();
        Violation violation;
        try {
            violation = steps(script, onlyLast);
        } catch (BtdException | Session.Unexpected | StateMatch.Broken | IllegalStateException e) {
            violation = new Violation(script, life, "without a crash: " + e, "", java.util.List.of());
        }
        return new Outcome(violation, stepsApplied);
    }

    /// The bytes as the last script left them.
    long[] image() {
        return recorder.image();
    }

    private void begin() {
        base = zeros;
        life = 0;
        stepsApplied = 0;
        lastStep = 0;
        ledger = new Ledger();
        recorder.layAll(zeros);
        recorder.limit();
    }

    private @Nullable Violation steps(Script script, boolean onlyLast) {
        format(script);
        for (int i = 0; i < script.steps().size(); i++) {
            Step step = script.steps().get(i);
            boolean last = i + 1 == script.steps().size();
            if (step.operation() == Operation.CRASH) {
                Finding finding = onlyLast ? null : crashThisLife(script, 0);
                if (finding != null) {
                    return Violation.of(script, life, finding);
                }
                nextLife(script, i);
                stepsApplied++;
            } else {
                lastStep = recorder.trace().size();
                boolean applied = step.operation() == Operation.REOPEN ? reopen(script) : perform(step);
                stepsApplied += applied ? 1 : 0;
                if (onlyLast && !applied) {
                    return null;
                }
            }
            if (last && onlyLast) {
                Finding finding = crashThisLife(script, step.operation() == Operation.CRASH ? 0 : lastStep);
                return finding == null ? null : Violation.of(script, life, finding);
            }
        }
        Finding finding = crashThisLife(script, 0);
        return finding == null ? null : Violation.of(script, life, finding);
    }

    private @Nullable Finding crashThisLife(Script script, int from) {
        return search.explore(base, recorder.trace(), from, ImageHash.mix(script.seed() + life));
    }

    private void format(Script script) {
        if (script.zeroOnFree()) {
            ledger.wiping();
        }
        Owing owing = Owing.during("format", ledger);
        recorder.promise(owing);
        ArenaFile.format(recorder.medium(), geometry, 1, 1, ARENA);
        ledger.formatted();
        owing.became(ledger.state());
        recorder.promise(Owing.once("format", ledger, true));
        lastStep = recorder.trace().size();
        open(script, "open");
    }

    private BtdCluster open(Script script, String what) {
        Owing owing = Owing.during(what, ledger);
        recorder.promise(owing);
        BtdCluster cluster = opening.open(recorder.medium(), script.zeroOnFree());
        recorder.promise(Owing.once(what, ledger, false));
        session = new Session(cluster, ledger, owing, 1000L * recorder.trace().size());
        return cluster;
    }

    private boolean perform(Step step) {
        Session open = java.util.Objects.requireNonNull(session);
        Owing owing = Owing.during(step.toString(), ledger);
        open.inFlight(owing);
        recorder.promise(owing);
        boolean applied;
        try {
            applied = step.elsewhere() ? partner.call(() -> Actions.perform(open, step)) : Actions.perform(open, step);
        } catch (BtdException.Full | BtdException.LogFull refused) {
            applied = true;
        }
        owing.became(ledger.state());
        recorder.promise(Owing.once(step.toString(), ledger, false));
        return applied;
    }

    private boolean reopen(Script script) {
        HeapState state = ledger.state();
        int unreachable = ledger.cells().size()
                - state.cells().size()
                + java.util.Objects.requireNonNull(session).filling().size();
        Owing owing = Owing.during("close", ledger);
        recorder.promise(owing);
        java.util.Objects.requireNonNull(session).cluster().close();
        ledger.reset(state, ledger.strays() + unreachable);
        owing.became(ledger.state());
        recorder.promise(Owing.once("close", ledger, unreachable == 0));
        BtdCluster cluster = open(script, "reopen");
        if (!cluster.recovery().clean()) {
            ledger.reset(ledger.state(), 0);
        }
        return true;
    }

    private void nextLife(Script script, int step) {
        Trace trace = recorder.trace();
        SplittableRandom random = new SplittableRandom(script.seed() + step);
        int at = random.nextInt(lastStep, trace.size() + 1);
        Owing owing = Owing.again(promiseAt(trace, at));
        base = search.imageAt(base, trace, at, random);
        life++;
        recorder.layAll(base);
        recorder.limit();
        recorder.promise(owing);
        lastStep = recorder.trace().size();
        BtdCluster cluster = opening.open(recorder.medium(), script.zeroOnFree());
        boolean clean = cluster.recovery().clean();
        HeapState found = new StateMatch(cluster).find(owing);
        if (clean) {
            ledger.reset(found, found.strays());
        } else {
            ledger.recovered(
                    found, owing.gone(), new ArenaLook(recorder.medium().segment(), geometry)::inRun);
        }
        recorder.promise(Owing.once("open after the crash", ledger, false));
        session = new Session(cluster, ledger, owing, 1_000_000L * life);
    }

    private static Owing promiseAt(Trace trace, int position) {
        for (int at = position - 1; at >= 0; at--) {
            if (trace.kind(at) == Trace.Kind.PROMISE) {
                return (Owing) trace.promised(at);
            }
        }
        throw new IllegalStateException("nothing promised yet: position=" + position);
    }

    @Override
    public void close() {
        partner.close();
        recorder.close();
    }
}
