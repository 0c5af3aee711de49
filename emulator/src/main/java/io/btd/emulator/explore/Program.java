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
import java.util.SortedSet;
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
        recorder.explain(true);
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
            violation = new Violation(search.domain(), script, life, "without a crash: " + e, "", java.util.List.of());
        }
        return new Outcome(violation, stepsApplied);
    }

    /// The bytes as the last script left them.
    long[] image() {
        return recorder.image();
    }

    /// What a crash left.
    ///
    /// @param image the medium's words
    /// @param owing what was promised at that moment
    @SuppressWarnings("ArrayRecordComponent") // looked at once
    record Crashed(long[] image, Owing owing) {}

    /// A crash anywhere in the last life of the script that ran, after the arena had been made.
    Crashed crashed(SplittableRandom random) {
        Trace trace = recorder.trace();
        while (true) {
            int at = random.nextInt(1, trace.size() + 1);
            Owing owing = promiseAt(trace, at);
            if (owing.before().formatted()) {
                return new Crashed(search.imageAt(base, trace, at, random), owing);
            }
        }
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
                    return Violation.of(search.domain(), script, life, finding);
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
                return finding == null ? null : Violation.of(search.domain(), script, life, finding);
            }
        }
        Finding finding = crashThisLife(script, 0);
        return finding == null ? null : Violation.of(search.domain(), script, life, finding);
    }

    private @Nullable Finding crashThisLife(Script script, int from) {
        return search.explore(base, recorder.trace(), from, ImageHash.mix(script.seed() + life));
    }

    private void format(Script script) {
        if (script.zeroOnFree()) {
            ledger.wiping();
        }
        if (script.node()) {
            ledger.ofNode();
        }
        Owing owing = Owing.during("format", ledger).watching(geometry);
        recorder.promise(owing);
        ArenaFile.format(recorder.medium(), geometry, 1, 1, ARENA);
        ledger.formatted();
        owing.became(ledger.state());
        recorder.promise(Owing.once("format", ledger, true).needing(recorder.visible(), geometry));
        lastStep = recorder.trace().size();
        open(script, "open");
    }

    private Session open(Script script, String what) {
        Owing owing = Owing.during(what, ledger).watching(geometry);
        recorder.promise(owing);
        Session open = begin(script, owing, 1000L * recorder.trace().size());
        recorder.promise(Owing.once(what, ledger, false).needing(recorder.visible(), geometry));
        return open;
    }

    private Session begin(Script script, Owing owing, long counter) {
        NodeUnderTest node = script.node() ? NodeUnderTest.open(recorder.medium(), script.zeroOnFree()) : null;
        BtdCluster cluster = node == null ? opening.open(recorder.medium(), script.zeroOnFree()) : node.calls();
        Session open = new Session(cluster, node, look(), ledger, owing, counter);
        session = open;
        return open;
    }

    private ArenaLook look() {
        return new ArenaLook(recorder.medium().segment(), geometry);
    }

    private boolean perform(Step step) {
        Session open = java.util.Objects.requireNonNull(session);
        Owing owing = Owing.during(step.toString(), ledger).watching(geometry);
        open.inFlight(owing);
        recorder.promise(owing);
        boolean applied;
        try {
            applied = step.elsewhere() ? partner.call(() -> Actions.perform(open, step)) : Actions.perform(open, step);
        } catch (BtdException.Full | BtdException.LogFull refused) {
            applied = true;
        }
        owing.became(ledger.state());
        recorder.promise(Owing.once(step.toString(), ledger, false).needing(recorder.visible(), geometry));
        return applied;
    }

    /// A node's close keeps what its sessions hold; its next open is left undecided where there are any.
    private void reopenNode(Script script, NodeUnderTest node, int unreachable) {
        HeapState state = ledger.state();
        Owing owing = Owing.during("close", ledger).watching(geometry);
        recorder.promise(owing);
        int strays = ledger.strays();
        node.close();
        ledger.undecided(state);
        ledger.keep(strays + unreachable);
        owing.became(ledger.state());
        recorder.promise(Owing.once("close", ledger, false).needing(recorder.visible(), geometry));
        Session open = open(script, "reopen");
        NodeUnderTest again = java.util.Objects.requireNonNull(open.node());
        if (!open.cluster().recovery().clean()) {
            ledger.keep(Math.toIntExact(again.keptAtOpen()));
        }
    }

    private boolean reopen(Script script) {
        HeapState state = ledger.state();
        int unreachable = ledger.cells().size()
                - state.cells().size()
                + java.util.Objects.requireNonNull(session).filling().size();
        NodeUnderTest node = java.util.Objects.requireNonNull(session).node();
        if (node != null) {
            reopenNode(script, node, unreachable);
            return true;
        }
        Owing owing = Owing.during("close", ledger).watching(geometry);
        recorder.promise(owing);
        java.util.Objects.requireNonNull(session).cluster().close();
        ledger.reset(state, ledger.strays() + unreachable);
        owing.became(ledger.state());
        recorder.promise(Owing.once("close", ledger, unreachable == 0).needing(recorder.visible(), geometry));
        if (!open(script, "reopen").cluster().recovery().clean()) {
            ledger.reset(ledger.state(), 0);
        }
        return true;
    }

    private void nextLife(Script script, int step) {
        Trace trace = recorder.trace();
        SplittableRandom random = new SplittableRandom(script.seed() + step);
        int at = random.nextInt(lastStep, trace.size() + 1);
        Owing owing = Owing.again(promiseAt(trace, at)).watching(geometry);
        base = search.imageAt(base, trace, at, random);
        life++;
        recorder.layAll(base);
        recorder.limit();
        recorder.promise(owing);
        lastStep = recorder.trace().size();
        Session open = begin(script, owing, 1_000_000L * life);
        boolean clean = open.cluster().recovery().clean();
        NodeUnderTest node = open.node();
        HeapState found =
                new StateMatch(open.cluster(), node == null ? null : new Remembered(node, look())).find(owing);
        if (node != null) {
            ledger.buried(owing.gone());
            ledger.undecided(found);
            ledger.keep(clean ? found.strays() : Math.toIntExact(node.keptAtOpen()));
        } else if (clean) {
            ledger.reset(found, found.strays());
        } else {
            ledger.recovered(found, owing.gone(), look()::inRun);
        }
        recorder.promise(Owing.once("open after the crash", ledger, false).needing(recorder.visible(), geometry));
    }

    /// What clients remember, before they have told the node.
    private record Remembered(NodeUnderTest node, ArenaLook look) implements StateMatch.Declarations {
        @Override
        public SortedSet<Long> sessions() {
            return node.ids();
        }

        @Override
        public boolean holds(long pointer, int bytes) {
            return look.inRun(pointer) && look.inRun(pointer + Math.max(0, bytes - 1));
        }

        @Override
        public boolean exported(long pointer) {
            return look.exported(pointer);
        }

        @Override
        public byte[] bytes(long pointer, int length) {
            return look.bytes(pointer, length);
        }
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
