// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.ClassCount;
import io.btd.api.ClusterStat;
import io.btd.api.NodeStat;
import io.btd.api.RecoveryReport;
import io.btd.api.transport.Endpoint;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import io.btd.client.Exchange.Patience;
import io.btd.membership.Member;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Asks every node how it is, all at once. Thread-safe.
final class Survey {
    private final Core core;

    Survey(Core core) {
        this.core = core;
    }

    /// What every member has; one that does not answer within a quarter of the deadline counts as down.
    ClusterStat stat(long patience) {
        Map<Member, CompletableFuture<Response.@Nullable State>> asked = ask(patience);
        List<NodeStat> nodes = asked.entrySet().stream()
                .map(node -> seen(node.getKey(), node.getValue().join()))
                .toList();
        return new ClusterStat(nodes, served(true), served(false));
    }

    /// How the members came up, added together; those that are down are left out.
    RecoveryReport recovery(long patience) {
        return merged(ask(patience).values().stream()
                .map(CompletableFuture::join)
                .filter(Response.State.class::isInstance)
                .map(Response.State.class::cast)
                .map(Response.State::recovery)
                .toList());
    }

    private Map<Member, CompletableFuture<Response.@Nullable State>> ask(long patience) {
        long deadline = core.time().now() + Math.max(1, patience / 4);
        Map<Member, CompletableFuture<Response.@Nullable State>> asked =
                new TreeMap<>((a, b) -> Integer.compare(a.node(), b.node()));
        for (Member member : core.sessions().members().values()) {
            asked.put(member, member.live() ? ask(member, deadline) : CompletableFuture.completedFuture(null));
        }
        return asked;
    }

    private CompletableFuture<Response.@Nullable State> ask(Member member, long deadline) {
        return core.calls()
                .ask(member.node(), new Request.Stat(), 0, deadline, Patience.LEAVES, Answers::state)
                .handle((state, _) -> state);
    }

    private NodeStat seen(Member member, Response.@Nullable State state) {
        String endpoint =
                member.endpoints().stream().findFirst().map(Endpoint::toString).orElse("");
        if (state == null) {
            return new NodeStat(
                    member.node(), NodeStat.State.DOWN, "", endpoint, member.incarnation(), 0, 0, List.of());
        }
        NodeStat own = state.stat();
        String transport = core.sessions().with(member.node()).transport();
        String reached = member.endpoints().stream()
                .filter(one -> one.transport().equals(transport))
                .findFirst()
                .map(Endpoint::toString)
                .orElse(endpoint);
        return new NodeStat(
                own.node(),
                own.state(),
                transport,
                reached,
                own.incarnation(),
                own.sessions(),
                own.limbo(),
                own.arenas());
    }

    private long served(boolean here) {
        Map<Integer, Member> members = core.sessions().members();
        return core.sessions().all().stream()
                .filter(session -> {
                    Member member = members.get(session.node());
                    return (member != null && core.sessions().isHere(member)) == here;
                })
                .mapToLong(Session::served)
                .sum();
    }

    private static RecoveryReport merged(List<RecoveryReport> reports) {
        return new RecoveryReport(
                reports.stream().allMatch(RecoveryReport::clean),
                reports.stream().anyMatch(RecoveryReport::takenOver),
                reports.stream().mapToLong(RecoveryReport::generation).max().orElse(0),
                reports.stream().mapToInt(RecoveryReport::replayed).sum(),
                counts(reports, RecoveryReport::survivors),
                counts(reports, RecoveryReport::reclaimed),
                reports.stream().mapToLong(RecoveryReport::reclaimedPages).sum(),
                total(reports, report -> report.replayTime().toNanos()),
                total(reports, report -> report.markTime().toNanos()),
                total(reports, report -> report.sweepTime().toNanos()));
    }

    private static Duration total(List<RecoveryReport> reports, ToLongFunction<RecoveryReport> nanos) {
        return Duration.ofNanos(reports.stream().mapToLong(nanos).sum());
    }

    private static List<ClassCount> counts(
            List<RecoveryReport> reports, Function<RecoveryReport, List<ClassCount>> which) {
        Map<Long, ClassCount> sums = new TreeMap<>();
        reports.stream()
                .map(which)
                .flatMap(Collection::stream)
                .forEach(count -> sums.merge(
                        count.blockSize(),
                        count,
                        (a, b) -> new ClassCount(a.blockSize(), a.blocks() + b.blocks(), a.bytes() + b.bytes())));
        return List.copyOf(sums.values());
    }
}
