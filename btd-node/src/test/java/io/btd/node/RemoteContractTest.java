// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.ArenaConfig;
import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException.NotLocal;
import io.btd.api.NodeStat;
import io.btd.api.PersistenceDomain;
import io.btd.api.RemoteConfig;
import io.btd.api.transport.Endpoint;
import io.btd.client.RemoteProvider;
import io.btd.gc.Checker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract on a node that is reached by a transport. Killed is, as in [EmbeddedContractTest], what is opened from
/// a copy of the arena's file; client and node of the former life go on by themselves, and never meet the new one.
abstract class RemoteContractTest extends ClusterContractTest {
    /// Nobody of before the kill comes back.
    private static final Duration GRACE = Duration.ofMillis(20);
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private record Life(BtdCluster cluster, Node node) {}

    private final List<Life> dead = new ArrayList<>();
    private @Nullable Life life;
    private int lives;

    /// Where the node listens.
    abstract Endpoint listen(Path folder);

    /// What node and client share, for whoever does not listen on loopback.
    Optional<String> secret() {
        return Optional.empty();
    }

    private Path file() {
        return folder.resolve("arena-" + lives);
    }

    @Override
    protected BtdCluster open(boolean zeroOnFree) throws Exception {
        if (life != null) {
            life.node().close();
        }
        ArenaConfig arena = BtdConfig.embedded(file(), CAPACITY)
                .withDomain(PersistenceDomain.PROCESS)
                .withZeroOnFree(zeroOnFree);
        Endpoint endpoint = listen(folder);
        NodeConfig config = NodeConfig.of(arena, List.of(endpoint)).withGrace(GRACE);
        RemoteConfig remote = BtdConfig.cluster("none:1").withDeadline(DEADLINE).withTransport(endpoint.transport());
        Node node = Node.start(secret().map(config::withSecret).orElse(config), () -> true);
        while (node.state() != NodeStat.State.UP) {
            Thread.sleep(1); // until the killed client is given up
        }
        BtdCluster cluster =
                RemoteProvider.open(secret().map(remote::withSecret).orElse(remote), new FixedMembership(node));
        life = new Life(cluster, node);
        return cluster;
    }

    @Override
    protected void kill(BtdCluster cluster) throws Exception {
        Path image = file();
        lives++;
        Files.copy(image, file());
        dead.add(Objects.requireNonNull(life));
        life = null;
    }

    @Override
    protected void bury() {
        for (Life one : dead) {
            one.cluster().close();
            one.node().close();
        }
        Objects.requireNonNull(life).node().close();
        for (int i = 0; i <= lives; i++) {
            assertThat(Checker.check(folder.resolve("arena-" + i)).problems()).isEmpty();
        }
    }

    @Test
    void aBlockElsewhereHasNoView() {
        long block = cluster().malloc(100, Alloc.OPAQUE);
        refused(NotLocal.class, () -> cluster().view(block));
    }
}
