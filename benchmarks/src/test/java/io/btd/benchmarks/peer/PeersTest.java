// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.btd.benchmarks.load.BlockingSubject;
import io.btd.benchmarks.load.Caller;
import io.btd.benchmarks.load.Case;
import io.btd.benchmarks.load.Link;
import io.btd.benchmarks.load.Operation;
import io.btd.benchmarks.load.Shape;
import io.btd.benchmarks.load.Slice;
import io.btd.benchmarks.load.WindowSubject;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The clients against the real servers, where those are installed.
class PeersTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Link.class)
    void redisAnswersWhatWasAsked(Link link) throws Exception {
        try (RedisServer server = RedisServer.start(installed("redis-server"), folder, true)) {
            try (Caller set = RespClient.open(server.address(link), "a", 256, false);
                    Caller get = RespClient.open(server.address(link), "b", 256, true)) {
                set.call();
                get.call();
                get.call();
            }
            assertThat(server.cpuNanos(link)).isNotNegative();
        }
    }

    @Test
    void aValueThatRedisLostIsSeen() throws Exception {
        try (RedisServer server = RedisServer.start(installed("redis-server"), folder, false);
                Caller get = RespClient.open(server.address(Link.TCP), "k", 1, true);
                ByteLink other = ByteLink.connect(server.address(Link.TCP))) {
            other.send(RespClient.direct("SET k-0 short\r\n"));
            other.readLine();
            assertThatThrownBy(get::call).isInstanceOf(IOException.class).hasMessageContaining("length=5");
            other.send(RespClient.direct("DEL k-0\r\n"));
            other.readLine();
        }
        assertThatThrownBy(() -> ByteLink.connect(UnixDomainSocketAddress.of(folder.resolve("redis.sock"))))
                .as("the server has ended")
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource(Link.class)
    void memcachedAnswersWhatWasAsked(Link link) throws Exception {
        try (MemcachedServer server = MemcachedServer.start(installed("memcached"), folder);
                Caller set = MemcachedClient.open(server.address(link), "a", 256, false);
                Caller get = MemcachedClient.open(server.address(link), "b", 256, true);
                ByteLink other = ByteLink.connect(server.address(link))) {
            set.call();
            get.call();
            other.send(RespClient.direct("delete b-7\r\n"));
            other.readLine();
            assertThatThrownBy(get::call).isInstanceOf(IOException.class).hasMessageContaining("has no value");
        }
    }

    @ParameterizedTest
    @EnumSource(Link.class)
    void theEchoesEndWithWhoStartedThem(Link link) throws Exception {
        EchoServers servers = EchoServers.start(folder);
        try (servers) {
            Case what = new Case("socket", Operation.ECHO, "echo", link, Shape.ALONE);
            Slice slice = new Slice(1_000_000);
            try (BlockingSubject subject = new BlockingSubject(what, _ -> PingPongClient.open(servers.socket(link)))) {
                subject.open();
                subject.run(slice);
            }
            assertThat(slice.latencies().getTotalCount()).isPositive();
        }
        assertThatThrownBy(() -> PingPongClient.open(servers.socket(link)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no connection");
    }

    @ParameterizedTest
    @EnumSource(Link.class)
    void nettyEchoesAWindow(Link link) throws Exception {
        assumeTrue(Epoll.isAvailable(), "no epoll on this system");
        try (EchoServers servers = EchoServers.start(folder)) {
            Case what = new Case("netty", Operation.ECHO, "echo", link, Shape.window(64));
            Slice slice = new Slice(1_000_000);
            try (WindowSubject subject = new WindowSubject(what, () -> NettyEchoClient.open(servers.netty(link), 64))) {
                subject.open();
                subject.run(slice);
            }
            assertThat(slice.latencies().getTotalCount()).isGreaterThanOrEqualTo(64);
        }
    }

    @Test
    void aServerThatEndsAtOnceIsReported() throws Exception {
        assertThatThrownBy(() -> {
                    try (ChildProcess process = ChildProcess.start(List.of("/bin/false"), folder.resolve("log"))) {
                        process.awaitListening(ChildProcess.loopback(ChildProcess.freePort()));
                    }
                })
                .isInstanceOf(IOException.class);
    }

    private static Path installed(String program) {
        Optional<Path> found = Executables.find(program);
        assumeTrue(found.isPresent(), program + " is not installed");
        return found.orElseThrow();
    }
}
