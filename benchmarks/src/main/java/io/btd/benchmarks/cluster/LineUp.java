// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.cluster;

import io.btd.benchmarks.load.Contestant;
import io.btd.benchmarks.load.Operation;
import io.btd.benchmarks.peer.EchoServers;
import io.btd.benchmarks.peer.Executables;
import io.btd.benchmarks.peer.MemcachedServer;
import io.btd.benchmarks.peer.RedisServer;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Starts the servers and lists what is measured. A peer that is not there, or does not start, is left out, and
/// that is said; without btd there is nothing to measure.
final class LineUp {
    private final Workplace workplace;
    private final PrintWriter err;
    private final List<Contestant> contestants = new ArrayList<>();

    LineUp(Workplace workplace, PrintWriter err) {
        this.workplace = workplace;
        this.err = err;
    }

    /// All that were added, in their order.
    List<Contestant> contestants() {
        return List.copyOf(contestants);
    }

    /// Starts a node.
    ///
    /// @throws IOException when it does not start
    void addBtd() throws IOException, InterruptedException {
        BtdServer server = workplace.keep(BtdServer.start(workplace.folder("btd")));
        BtdClients clients = workplace.keep(new BtdClients(server.config()));
        contestants.addAll(BtdContestants.of(clients, server::cpuNanos));
    }

    /// Starts what there is of the peers.
    void addPeers(Set<Peer> peers) throws InterruptedException {
        boolean netty = peers.contains(Peer.NETTY);
        if (netty && !Epoll.isAvailable()) {
            leftOut("netty", "there is no epoll on this system");
            netty = false;
        }
        if (netty || peers.contains(Peer.SOCKET)) {
            addEchoes(netty, peers.contains(Peer.SOCKET));
        }
        if (peers.contains(Peer.REDIS)) {
            installed("redis-server", "redis-server").ifPresent(this::addRedis);
        }
        if (peers.contains(Peer.MEMCACHED)) {
            installed("memcached", "memcached").ifPresent(this::addMemcached);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void addEchoes(boolean netty, boolean socket) {
        start("the echoes", () -> {
            EchoServers echoes = workplace.keep(EchoServers.start(workplace.folder("echo")));
            contestants.addAll(socket ? PeerContestants.socket(echoes) : List.of());
            contestants.addAll(netty ? PeerContestants.netty(echoes) : List.of());
        });
    }

    private void addRedis(Path executable) {
        start("redis", () -> {
            RedisServer plain = workplace.keep(RedisServer.start(executable, workplace.folder("redis"), false));
            contestants.addAll(PeerContestants.redis("redis", plain, List.of(Operation.READ, Operation.MEMCPY)));
        });
        start("redis-always", () -> {
            RedisServer always = workplace.keep(RedisServer.start(executable, workplace.folder("always"), true));
            contestants.addAll(PeerContestants.redis("redis-always", always, List.of(Operation.MEMCPY)));
        });
    }

    private void addMemcached(Path executable) {
        start("memcached", () -> {
            MemcachedServer server = workplace.keep(MemcachedServer.start(executable, workplace.folder("memcached")));
            contestants.addAll(PeerContestants.memcached(server));
        });
    }

    private Optional<Path> installed(String program, String debianPackage) {
        Optional<Path> found = Executables.find(program);
        if (found.isEmpty()) {
            leftOut(program, "not on the PATH; apt-get install " + debianPackage);
        }
        return found;
    }

    private void start(String what, Start start) {
        try {
            start.now();
        } catch (IOException notStarted) {
            leftOut(what, String.valueOf(notStarted.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void leftOut(String peer, String reason) {
        err.println("peer left out: peer=" + peer + ", reason=" + reason);
        err.flush();
    }

    @FunctionalInterface
    private interface Start {
        void now() throws IOException, InterruptedException;
    }
}
