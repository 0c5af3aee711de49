// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// What it takes to connect to a cluster. Immutable; start with [BtdConfig#cluster] and change what differs.
///
/// @param zooKeeper `host:port` of one or more ZooKeeper servers, separated by commas; IPv6 hosts in brackets
/// @param namespace of the cluster below ZooKeeper's root, 1 to 64 letters, digits, `-` and `_`
/// @param deadline of a call that says nothing else, 1 ms to 1 h
/// @param secret shared by all members, 16 to 1024 bytes of UTF-8; empty where the cluster has none
/// @param transport `auto` (the best that both ends have), or a transport's name, such as `tcp`, `uds` or `rdma`
public record RemoteConfig(
        String zooKeeper, String namespace, Duration deadline, Optional<String> secret, String transport)
        implements BtdConfig {

    /// The namespace of a cluster nobody gave one for.
    public static final String DEFAULT_NAMESPACE = "btd";

    /// The deadline of a call nobody gave one for (10 s).
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(10);

    /// The longest deadline (1 h).
    public static final Duration MAX_DEADLINE = Duration.ofHours(1);

    private static final Pattern SERVERS = Pattern.compile(
            "(\\[[0-9a-fA-F:.%]+]|[A-Za-z0-9._-]+):[0-9]{1,5}(,(\\[[0-9a-fA-F:.%]+]|[A-Za-z0-9._-]+):[0-9]{1,5})*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /// Checks every field.
    ///
    /// @throws BtdException.InvalidConfig naming the field that cannot be used
    public RemoteConfig {
        require(SERVERS.matcher(zooKeeper).matches(), "zookeeper", zooKeeper, "write host:port,host:port");
        require(NAME.matcher(namespace).matches(), "namespace", namespace, "use 1 to 64 letters, digits, - and _");
        requireDeadline(deadline);
        secret.ifPresent(text -> require(
                text.length() >= 16 && text.length() <= 1024, "secret", "(hidden)", "use 16 to 1024 characters"));
        require(NAME.matcher(transport).matches(), "transport", transport, "use auto, tcp, uds or rdma");
    }

    /// Checks a deadline.
    ///
    /// @throws BtdException.InvalidConfig when it is shorter than 1 ms or longer than 1 h
    public static void requireDeadline(Duration deadline) {
        boolean inRange = deadline.compareTo(Duration.ofMillis(1)) >= 0 && deadline.compareTo(MAX_DEADLINE) <= 0;
        require(inRange, "deadline", deadline.toString(), "use 1 ms to 1 h");
    }

    private static void require(boolean holds, String key, String value, String hint) {
        if (!holds) {
            throw new BtdException.InvalidConfig("value refused: " + key + "=" + value, hint);
        }
    }

    /// The same with another namespace.
    public RemoteConfig withNamespace(String namespace) {
        return new RemoteConfig(zooKeeper, namespace, deadline, secret, transport);
    }

    /// The same with another deadline.
    public RemoteConfig withDeadline(Duration deadline) {
        return new RemoteConfig(zooKeeper, namespace, deadline, secret, transport);
    }

    /// The same with the members' shared secret.
    public RemoteConfig withSecret(String secret) {
        return new RemoteConfig(zooKeeper, namespace, deadline, Optional.of(secret), transport);
    }

    /// The same over another transport.
    public RemoteConfig withTransport(String transport) {
        return new RemoteConfig(zooKeeper, namespace, deadline, secret, transport);
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "cluster: zookeeper=" + zooKeeper + ", namespace=" + namespace + ", transport=" + transport;
    }
}
