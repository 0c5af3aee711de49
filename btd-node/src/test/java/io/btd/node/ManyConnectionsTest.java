// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException;
import io.btd.api.PersistenceDomain;
import io.btd.api.transport.Endpoint;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients that come and go in every way leave nothing behind: no descriptor, no session, no block.
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ManyConnectionsTest {
    private static final int CONNECTIONS = 10_000;
    /// Between two looks, in nanoseconds.
    private static final long PAUSE = 100_000;

    @TempDir
    Path folder;

    @Test
    void theyLeaveNothingBehind() throws Exception {
        NodeConfig config = new NodeConfig(
                BtdConfig.embedded(folder.resolve("arena"), 8L << 20).withDomain(PersistenceDomain.PROCESS),
                List.of(new Endpoint("uds", folder.resolve("node.sock").toString())),
                "btd",
                Duration.ofSeconds(1),
                Optional.empty(),
                false,
                60, // whose records fit into one block
                64,
                Optional.empty());
        try (Node node = Node.start(config, () -> true)) {
            SplittableRandom random = Seed.roll();
            some(node, random, 100);
            settled(node);
            final long descriptors = descriptors();
            final long blocks = node.stat().arenas().getFirst().liveBlocks();
            final long pages = node.stat().arenas().getFirst().pagesInUse();
            some(node, random, CONNECTIONS);
            settled(node);
            while (descriptors() > descriptors) {
                LockSupport.parkNanos(PAUSE);
            }
            assertThat(node.stat().arenas().getFirst().liveBlocks()).isEqualTo(blocks);
            assertThat(node.stat().arenas().getFirst().pagesInUse()).isLessThanOrEqualTo(pages + (1 << 20));
            try (RawClient last = RawClient.open(node.endpoints().getFirst(), 1, 0)) {
                assertThat(last.call(new Request.Ping())).isInstanceOf(Response.Load.class);
            }
        }
    }

    private static void settled(Node node) {
        while (node.stat().sessions() > 0) {
            LockSupport.parkNanos(PAUSE);
        }
    }

    private static void some(Node node, SplittableRandom random, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            try (RawClient client = RawClient.connect(node.endpoints().getFirst())) {
                come(client, random.nextInt(5));
            } catch (BtdException.Busy | BtdException.SessionLost crowded) {
                // sessions whose clients went away wait for their lease
            }
        }
    }

    private static void come(RawClient client, int how) throws IOException {
        if (how == 0) {
            return;
        }
        if (how == 1) {
            client.write(new byte[7]);
            return;
        }
        client.send(RawClient.hello(how, 0));
        if (how > 2) {
            client.welcomed();
            client.value(new Request.Malloc(64, 1, Alloc.POINTERS));
        }
        if (how > 3) {
            client.call(new Request.Close());
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
