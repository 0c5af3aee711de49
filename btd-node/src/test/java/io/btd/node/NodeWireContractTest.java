// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.ArenaConfig;
import io.btd.api.PersistenceDomain;
import io.btd.api.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a node promises on the wire, tried by [RawClient] over one transport.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class NodeWireContractTest
        implements HandshakeContract, OnceContract, LimboContract, RestartContract, FramesContract {
    @TempDir
    Path folder;

    private final List<RawClient> clients = new ArrayList<>();
    private @Nullable Node node;

    /// Where the node listens.
    abstract Endpoint listen(Path folder);

    @Override
    public Node start(UnaryOperator<NodeConfig> config, BooleanSupplier maySessionsOpen) {
        if (node != null) {
            node.close();
        }
        ArenaConfig arena = new ArenaConfig(
                folder.resolve("arena"), CAPACITY, 3, 1, true, Optional.of(PersistenceDomain.PROCESS), false);
        node = Node.start(
                config.apply(new NodeConfig(
                        arena,
                        List.of(listen(folder)),
                        "btd",
                        Duration.ofSeconds(60),
                        Optional.empty(),
                        false,
                        100,
                        64,
                        Optional.empty())),
                maySessionsOpen);
        return node;
    }

    @Override
    public Node node() {
        if (node == null) {
            throw new IllegalStateException("not started");
        }
        return node;
    }

    @Override
    public RawClient keep(RawClient client) {
        clients.add(client);
        return client;
    }

    @AfterEach
    void cleanUp() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        if (node != null) {
            node.close();
        }
    }
}
