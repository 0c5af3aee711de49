// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException;
import io.btd.api.PersistenceDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// One embedded cluster that plays a node: faults are played at the calls of its clients. A dead or frozen node and a
/// link that is
/// cut off refuse calls; a broken connection leaves one call unknown, made or not; what outlasts a lease ends
/// sessions. It tests the fault runs themselves: what is under them is known to be right, or broken on purpose.
final class EmbeddedUnderFault implements ClusterUnderFault {
    private static final long CAPACITY = 8L << 20;

    private final BtdCluster real;
    private final CallFilter bug;
    private final Map<Integer, SimulatedSession> sessions = new ConcurrentHashMap<>();
    private final SplittableRandom seeds;
    private final List<Integer> nodes;
    private volatile boolean down;
    private volatile long life;

    /// @param bug planted behind the faults
    EmbeddedUnderFault(Path file, long seed, Function<BtdCluster, CallFilter> bug) {
        real = BtdCluster.open(BtdConfig.embedded(file, CAPACITY).withDomain(PersistenceDomain.PROCESS));
        this.bug = bug.apply(real);
        seeds = new SplittableRandom(seed);
        nodes = List.of(real.stat().nodes().getFirst().node());
    }

    boolean isDown() {
        return down;
    }

    long life() {
        return life;
    }

    BtdException downError() {
        return new BtdException.NodeDown(nodes.getFirst(), "node is down: node=" + nodes.getFirst(), "try again");
    }

    @Override
    public List<Integer> nodes() {
        return nodes;
    }

    @Override
    public synchronized BtdCluster connect(int client) {
        SimulatedSession session = new SimulatedSession(this, seeds.split());
        sessions.put(client, session);
        return FilteredCluster.of(FilteredCluster.of(real, bug), session);
    }

    @Override
    public synchronized BtdCluster connectPast() {
        return FilteredCluster.of(FilteredCluster.of(real, bug), new SimulatedSession(this, seeds.split()));
    }

    @Override
    public synchronized void inject(Fault fault) {
        switch (fault) {
            case Fault.Kill ignored -> {
                down = true;
                life++;
            }
            case Fault.Freeze ignored -> down = true;
            case Fault.Restart ignored -> down = false;
            case Fault.Thaw thaw -> {
                down = false;
                if (thaw.pastLease()) {
                    sessions.values().forEach(SimulatedSession::lose);
                }
            }
            case Fault.CutOff cut -> of(cut.client()).cutOff(true);
            case Fault.Rejoin rejoin -> {
                of(rejoin.client()).cutOff(false);
                if (rejoin.pastLease()) {
                    of(rejoin.client()).lose();
                }
            }
            case Fault.Reset reset -> of(reset.client()).breakNext();
            case Fault.Cut cut -> of(cut.client()).breakNext();
            case Fault.Flip flip -> of(flip.client()).breakNext();
            case Fault.Throttle ignored -> {}
            case Fault.Delay ignored -> {}
            case Fault.ShutDoor ignored -> {}
            case Fault.OpenDoor ignored -> {}
            case Fault.RegistryDown ignored -> {}
            case Fault.RegistryUp ignored -> {}
            case Fault.Fill ignored -> {}
            case Fault.Drain ignored -> {}
        }
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(2);
    }

    private SimulatedSession of(int client) {
        return sessions.getOrDefault(client, new SimulatedSession(this, seeds.split()));
    }

    @Override
    public synchronized void mend() {
        down = false;
        sessions.values().forEach(session -> session.cutOff(false));
    }

    /// Gives back what a session held; where a planted bug was there first, the audit says so.
    void giveBack(long block) {
        try {
            real.free(block);
        } catch (BtdException.InvalidPointer alreadyGone) {
            // Then there is nothing to give back.
        }
    }

    @Override
    public void close() {
        real.close();
    }
}
