// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.ArenaStat;
import io.btd.api.ClassCount;
import io.btd.api.NodeStat;
import io.btd.api.PersistenceDomain;
import io.btd.api.RecoveryReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The node's state, as wire.md draws it: the node, its arenas, and what its last recovery found.
@SuppressWarnings("EnumOrdinal") // what is sent is the place in the enum
final class StatePayload {
    private static final NodeStat.State[] STATES = NodeStat.State.values();
    private static final PersistenceDomain[] DOMAINS = PersistenceDomain.values();
    private static final int CLASS_BYTES = 24;

    /// Of an arena without a name and classes.
    private static final int ARENA_BYTES = 58;

    private StatePayload() {}

    static void write(PayloadWriter out, Response.State state) {
        NodeStat node = state.stat();
        out.u16(node.node()).u8(node.state().ordinal()).u8(0).u32(node.sessions());
        out.u64(node.incarnation()).u64(node.limbo()).text(node.transport()).text(node.endpoint());
        out.u32(node.arenas().size());
        for (ArenaStat arena : node.arenas()) {
            arena(out, arena);
        }
        recovery(out, state.recovery());
    }

    private static void arena(PayloadWriter out, ArenaStat arena) {
        out.text(arena.arena()).u8(arena.domain().ordinal()).u8(0).u16(arena.node());
        out.u16(arena.arenaId()).u16(0).u32(arena.openViews()).u64(arena.generation());
        out.u64(arena.capacity()).u64(arena.pagesInUse()).u64(arena.metadata()).u64(arena.illegalFrees());
        classes(out, arena.live());
    }

    private static void recovery(PayloadWriter out, RecoveryReport report) {
        out.bool(report.clean()).bool(report.takenOver()).u16(0).u32(report.replayed());
        out.u64(report.generation()).u64(report.reclaimedPages());
        out.u64(report.replayTime().toNanos()).u64(report.markTime().toNanos());
        out.u64(report.sweepTime().toNanos());
        classes(out, report.survivors());
        classes(out, report.reclaimed());
    }

    private static void classes(PayloadWriter out, List<ClassCount> classes) {
        out.u32(classes.size());
        for (ClassCount one : classes) {
            out.u64(one.blockSize()).u64(one.blocks()).u64(one.bytes());
        }
    }

    static Response.State read(PayloadReader in) {
        int node = in.u16();
        int state = in.u8();
        in.check(state < STATES.length, "state", state, "send one of wire.md");
        in.zero(1);
        int sessions = in.u31("sessions");
        long incarnation = in.u64();
        long limbo = in.u64();
        String transport = in.text();
        String endpoint = in.text();
        int count = in.count(0, Integer.MAX_VALUE, ARENA_BYTES);
        List<ArenaStat> arenas = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            arenas.add(arena(in));
        }
        NodeStat stat = new NodeStat(node, STATES[state], transport, endpoint, incarnation, sessions, limbo, arenas);
        return new Response.State(stat, recovery(in));
    }

    private static ArenaStat arena(PayloadReader in) {
        String arena = in.text();
        int domain = in.u8();
        in.check(domain < DOMAINS.length, "domain", domain, "send one of wire.md");
        in.zero(1);
        int node = in.u16();
        int arenaId = in.u16();
        in.zero(2);
        int openViews = in.u31("open views");
        long generation = in.u64();
        long capacity = in.u64();
        long pagesInUse = in.u64();
        long metadata = in.u64();
        long illegalFrees = in.u64();
        return new ArenaStat(
                arena,
                DOMAINS[domain],
                node,
                arenaId,
                generation,
                capacity,
                pagesInUse,
                metadata,
                classes(in),
                openViews,
                illegalFrees);
    }

    private static RecoveryReport recovery(PayloadReader in) {
        boolean clean = in.bool("clean");
        boolean takenOver = in.bool("taken over");
        in.zero(2);
        int replayed = in.u31("replayed");
        long generation = in.u64();
        long reclaimedPages = in.u64();
        Duration replayTime = Duration.ofNanos(in.u64());
        Duration markTime = Duration.ofNanos(in.u64());
        Duration sweepTime = Duration.ofNanos(in.u64());
        List<ClassCount> survivors = classes(in);
        return new RecoveryReport(
                clean,
                takenOver,
                generation,
                replayed,
                survivors,
                classes(in),
                reclaimedPages,
                replayTime,
                markTime,
                sweepTime);
    }

    private static List<ClassCount> classes(PayloadReader in) {
        int count = in.count(0, Integer.MAX_VALUE, CLASS_BYTES);
        List<ClassCount> classes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            classes.add(new ClassCount(in.u64(), in.u64(), in.u64()));
        }
        return classes;
    }
}
