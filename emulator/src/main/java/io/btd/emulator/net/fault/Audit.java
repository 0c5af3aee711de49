// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.ClusterStat;
import io.btd.api.GlobalPointer;
import io.btd.api.NodeStat;
import io.btd.emulator.net.history.Finding;
import io.btd.emulator.net.history.History;
import io.btd.emulator.net.history.Outcome;
import io.btd.emulator.net.history.RecordedCluster;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Looks at a cluster after everything was mended and every client has gone: reads whatever is published, frees what
/// clients
/// had to leave alone and nothing leads to, and compares what is allocated with what could be reached. Afterwards the
/// names
/// are gone.
final class Audit {
    private static final long PAUSE_MILLIS = 5;
    private static final int OWN_SESSION = 1;

    private final BtdCluster cluster;
    private final RecordedCluster recorded;
    private final Fixture fixture;
    private final History history;
    private final Leftovers leftovers;
    private final Balance balance;
    private final Duration patience;

    /// @param balance what nodes may keep beside what can be reached
    /// @param patience with a mended cluster for anything; what takes longer counts as never
    Audit(
            BtdCluster cluster,
            RecordedCluster recorded,
            Fixture fixture,
            History history,
            Leftovers leftovers,
            Balance balance,
            Duration patience) {
        this.cluster = cluster;
        this.recorded = recorded;
        this.fixture = fixture;
        this.history = history;
        this.leftovers = leftovers;
        this.balance = balance;
        this.patience = patience;
    }

    void run() {
        if (!eventually("every node serves and every former session has ended", () -> settled(cluster.stat()))) {
            return;
        }
        Set<Long> reached = reach();
        if (!eventually("every published block can be read", () -> readAll(reached))) {
            return;
        }
        if (!eventually("what was left alone can be freed", () -> freeLeft(reached))) {
            return;
        }
        // The directory of names lives in blocks too; without names it has none.
        if (!eventually("every name can be removed", this::removeNames)) {
            return;
        }
        if (!eventually("what lives is what is published", () -> isBalanced(cluster.stat(), reached))) {
            cluster.stat().nodes().forEach(node -> check(node, reached));
        }
    }

    private boolean isBalanced(ClusterStat stat, Set<Long> reached) {
        return stat.nodes().stream()
                .allMatch(node -> balance.wrong(node, reached).isEmpty());
    }

    private void check(NodeStat node, Set<Long> reached) {
        String wrong = balance.wrong(node, reached);
        if (!wrong.isEmpty()) {
            history.found(new Finding(Finding.Kind.BALANCE, wrong + unreached(node.node(), reached)));
        }
    }

    /// The blocks that clients were granted, that live, and that nothing leads to; and what was done to them.
    private String unreached(int node, Set<Long> reached) {
        StringBuilder text = new StringBuilder();
        for (long block : leftovers.sizes().keySet()) {
            if (GlobalPointer.node(block) == node && !reached.contains(block) && lives(block)) {
                text.append("\n  lives: ").append(GlobalPointer.toString(block));
                history.storyOf(block).forEach(call -> text.append("\n    ").append(call));
            }
        }
        return text.toString();
    }

    private boolean lives(long block) {
        try {
            return cluster.usableSize(block) > 0;
        } catch (BtdException refused) {
            return false;
        }
    }

    private boolean settled(ClusterStat stat) {
        return stat.nodes().stream()
                .allMatch(node ->
                        node.state() == NodeStat.State.UP && node.sessions() <= OWN_SESSION && node.limbo() == 0);
    }

    /// Every block that a name or a word of the fixture leads to.
    private Set<Long> reach() {
        Set<Long> reached = new HashSet<>(fixture.blocks());
        eventually("every name and word can be read", () -> {
            for (String name : cluster.roots().names()) {
                if (!add(reached, recorded.rootGet(name))) {
                    return false;
                }
            }
            return Fixture.SHARED_NAMES.stream().allMatch(name -> add(reached, recorded.rootGet(name)))
                    && fixture.words().stream().allMatch(word -> recorded.getLong(word) instanceof Outcome.Done<Long>)
                    && fixture.pointerWords().stream().allMatch(word -> add(reached, recorded.getLong(word)));
        });
        reached.remove(0L);
        return reached;
    }

    private static boolean add(Set<Long> reached, Outcome<Long> outcome) {
        return outcome instanceof Outcome.Done<Long>(Long block) && (reached.contains(block) || reached.add(block));
    }

    private boolean readAll(Set<Long> reached) {
        return reached.stream()
                .filter(block -> leftovers.sizes().containsKey(block))
                .map(block -> recorded.content(block, leftovers.sizes().getOrDefault(block, 0L)))
                .allMatch(outcome -> outcome instanceof Outcome.Done<Long>);
    }

    /// Whether each of them is free now: it was not any more, or is freed here.
    private boolean freeLeft(Set<Long> reached) {
        leftovers.left().removeIf(block -> reached.contains(block) || isFree(recorded.free(block)));
        return leftovers.left().isEmpty();
    }

    private boolean removeNames() {
        for (String name : cluster.roots().names()) {
            if (!(recorded.rootGet(name) instanceof Outcome.Done<Long>(Long block))
                    || !(recorded.rootRemove(name, block) instanceof Outcome.Done<Boolean>)) {
                return false;
            }
        }
        return cluster.roots().names().isEmpty();
    }

    private static boolean isFree(Outcome<Boolean> outcome) {
        return outcome instanceof Outcome.Done<Boolean>
                || outcome instanceof Outcome.Refused<Boolean>(BtdException why)
                        && why instanceof BtdException.InvalidPointer;
    }

    private boolean eventually(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        String last = "it did not hold";
        while (System.nanoTime() - end < 0) {
            try {
                if (condition.getAsBoolean()) {
                    return true;
                }
            } catch (BtdException notYet) {
                last = String.valueOf(notYet.getMessage());
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        history.found(new Finding(
                Finding.Kind.NOT_REACHED_AGAIN,
                "never, after everything was mended: " + what + "; " + last + "; nodes=" + nodes()));
        return false;
    }

    private String nodes() {
        try {
            return cluster.stat().nodes().toString();
        } catch (BtdException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
