// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.ArenaConfig;
import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.transport.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What it takes to run a node. Immutable.
///
/// @param arena what it owns; made when it is absent and `create` is set
/// @param listen where clients connect to, at least one
/// @param namespace of the cluster
/// @param lease a session ends when nothing was heard of it for so long, 100 ms to 1 h
/// @param secret shared by all members, empty for none
/// @param open whether it may listen off loopback without a secret
/// @param maxSessions at once, those that have not lapsed included, 1..65536
/// @param window the most requests of one session on their way at once, 16..65536
/// @param grace how long after a restart sessions of before may come back and declare what they hold, up to 1 h;
///     empty for the lease. Less suits whoever knows that none comes back: what a late one held and had not
///     published is gone
public record NodeConfig(
        ArenaConfig arena,
        List<Endpoint> listen,
        String namespace,
        Duration lease,
        Optional<String> secret,
        boolean open,
        int maxSessions,
        int window,
        Optional<Duration> grace) {

    /// The lease nobody gave (10 s).
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(10);

    /// Checks the ranges.
    ///
    /// @throws InvalidConfig naming what is out of range
    public NodeConfig {
        listen = List.copyOf(listen);
        require(!listen.isEmpty(), "listen", "", "name at least one endpoint");
        require(
                lease.compareTo(Duration.ofMillis(100)) >= 0 && lease.compareTo(Duration.ofHours(1)) <= 0,
                "lease",
                lease.toString(),
                "use 100 ms to 1 h");
        grace.ifPresent(given -> require(
                !given.isNegative() && given.compareTo(Duration.ofHours(1)) <= 0,
                "grace",
                given.toString(),
                "use 0 to 1 h"));
        require(maxSessions >= 1 && maxSessions <= 65_536, "max-sessions", maxSessions, "use 1..65536");
        require(window >= 16 && window <= 65_536, "window", window, "use 16..65536");
    }

    private static void require(boolean holds, String key, Object value, String hint) {
        if (!holds) {
            throw new InvalidConfig("value out of range: " + key + "=" + value, hint);
        }
    }

    /// A node with the usual settings.
    public static NodeConfig of(ArenaConfig arena, List<Endpoint> listen) {
        return new NodeConfig(
                arena, listen, "btd", DEFAULT_LEASE, Optional.empty(), false, 4096, 4096, Optional.empty());
    }

    /// The same with another lease.
    public NodeConfig withLease(Duration lease) {
        return new NodeConfig(arena, listen, namespace, lease, secret, open, maxSessions, window, grace);
    }

    /// The same with another time for sessions of before.
    public NodeConfig withGrace(Duration grace) {
        return new NodeConfig(arena, listen, namespace, lease, secret, open, maxSessions, window, Optional.of(grace));
    }

    /// The same with a secret.
    public NodeConfig withSecret(String secret) {
        return new NodeConfig(arena, listen, namespace, lease, Optional.of(secret), open, maxSessions, window, grace);
    }
}
