// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.cluster;

import io.btd.benchmarks.load.BlockingSubject;
import io.btd.benchmarks.load.Case;
import io.btd.benchmarks.load.Contestant;
import io.btd.benchmarks.load.Link;
import io.btd.benchmarks.load.Operation;
import io.btd.benchmarks.load.Shape;
import io.btd.benchmarks.load.WindowSubject;
import io.btd.benchmarks.peer.EchoServers;
import io.btd.benchmarks.peer.MemcachedClient;
import io.btd.benchmarks.peer.MemcachedServer;
import io.btd.benchmarks.peer.NettyEchoClient;
import io.btd.benchmarks.peer.PingPongClient;
import io.btd.benchmarks.peer.RedisServer;
import io.btd.benchmarks.peer.RespClient;
import java.util.ArrayList;
import java.util.List;

/// The peers' half of the list of what is measured.
final class PeerContestants {
    static final int CONNECTIONS = 50;
    static final int DEPTH = 256;
    private static final List<Shape> SHAPES = List.of(Shape.ALONE, Shape.connections(CONNECTIONS), Shape.batch(DEPTH));

    private PeerContestants() {}

    /// Blocking sockets.
    static List<Contestant> socket(EchoServers servers) {
        List<Contestant> all = new ArrayList<>();
        for (Link link : Link.values()) {
            Case what = new Case("socket", Operation.ECHO, "echo", link, Shape.ALONE);
            all.add(new Contestant(
                    new BlockingSubject(what, _ -> PingPongClient.open(servers.socket(link))), servers::cpuNanos));
        }
        return all;
    }

    /// Netty, whose caller waits for an event loop.
    static List<Contestant> netty(EchoServers servers) {
        List<Contestant> all = new ArrayList<>();
        for (Link link : Link.values()) {
            for (Shape shape : List.of(Shape.ALONE, Shape.window(DEPTH))) {
                Case what = new Case("netty", Operation.ECHO, "echo", link, shape);
                all.add(new Contestant(
                        new WindowSubject(what, () -> NettyEchoClient.open(servers.netty(link), shape.depth())),
                        servers::cpuNanos));
            }
        }
        return all;
    }

    /// redis.
    ///
    /// @param system its name here
    /// @param operations READ (GET) and MEMCPY (SET), or one of them
    static List<Contestant> redis(String system, RedisServer server, List<Operation> operations) {
        List<Contestant> all = new ArrayList<>();
        for (Operation operation : operations) {
            boolean reads = operation == Operation.READ;
            for (Link link : Link.values()) {
                for (Shape shape : SHAPES) {
                    Case what = new Case(system, operation, reads ? "GET" : "SET", link, shape);
                    all.add(new Contestant(
                            new BlockingSubject(
                                    what,
                                    index -> RespClient.open(
                                            server.address(link), keys(what, index), shape.depth(), reads)),
                            () -> server.cpuNanos(link)));
                }
            }
        }
        return all;
    }

    /// memcached, get and set.
    static List<Contestant> memcached(MemcachedServer server) {
        List<Contestant> all = new ArrayList<>();
        for (Operation operation : List.of(Operation.READ, Operation.MEMCPY)) {
            boolean reads = operation == Operation.READ;
            for (Link link : Link.values()) {
                for (Shape shape : SHAPES) {
                    Case what = new Case("memcached", operation, reads ? "get" : "set", link, shape);
                    all.add(new Contestant(
                            new BlockingSubject(
                                    what,
                                    index -> MemcachedClient.open(
                                            server.address(link), keys(what, index), shape.depth(), reads)),
                            () -> server.cpuNanos(link)));
                }
            }
        }
        return all;
    }

    /// What the keys of one client begin with: 24 characters or less, and no other client's.
    private static String keys(Case what, int index) {
        return what.call() + "-" + what.link() + "-" + what.shape().kind() + "-" + index;
    }
}
