// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdConfig;
import io.btd.api.RemoteConfig;
import io.btd.membership.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A client, and the scripted nodes it talks to.
final class ClientUnderTest implements AutoCloseable {
    final LoopNetwork network = new LoopNetwork();
    final FakeMembership membership = new FakeMembership();
    final List<FakeNode> nodes = new ArrayList<>();
    final Time time;
    private @Nullable Core core;
    private @Nullable RemoteCluster cluster;
    private RemoteConfig config = BtdConfig.cluster("127.0.0.1:1");

    ClientUnderTest(int count, Time time) {
        this.time = time;
        for (int node = 1; node <= count; node++) {
            nodes.add(new FakeNode(node, 1 << 20, network, membership).up());
        }
    }

    ClientUnderTest(int count) {
        this(count, new SystemTime());
    }

    ClientUnderTest with(RemoteConfig other) {
        config = other;
        return this;
    }

    RemoteConfig config() {
        return config;
    }

    /// The node with this id.
    FakeNode node(int id) {
        return nodes.get(id - 1);
    }

    Core core() {
        Core known = core;
        if (known == null) {
            known = new Core(new Surroundings(
                    config,
                    membership,
                    new Transports(List.of(network)),
                    time,
                    () -> ThreadLocalRandom.current().nextLong(),
                    Identity.draw(),
                    Host.here()));
            core = known;
        }
        return known;
    }

    RemoteCluster cluster() {
        RemoteCluster known = cluster;
        if (known == null) {
            known = new RemoteCluster(core());
            cluster = known;
        }
        return known;
    }

    /// A session, to look into.
    Session session(int node) {
        return core().sessions().with(node);
    }

    /// Ends the client without waiting for anything.
    @Override
    public void close() {
        core().sessions().end();
        core().surroundings().transports().close();
        time.close();
        for (FakeNode node : nodes) {
            synchronized (node) {
                assertThat(node.violations).as("breaches of the protocol").isEmpty();
            }
        }
    }

    static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }
}
