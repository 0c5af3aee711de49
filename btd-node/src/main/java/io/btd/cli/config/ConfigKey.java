// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.config;

import io.btd.api.ArenaConfig;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException;
import io.btd.api.GlobalPointer;
import io.btd.api.PersistenceDomain;
import io.btd.api.RemoteConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Every key of the configuration. A key is written `arena-id` in the file and with `--set`, and
/// `BTD_ARENA_ID` in the environment.
public enum ConfigKey {
    /// [ArenaConfig#arena].
    ARENA("", "file of the arena", ConfigKey::path),
    /// [ArenaConfig#capacity].
    CAPACITY(
            ByteSize.exactly(ArenaConfig.DEFAULT_CAPACITY),
            "memory a new arena may use at most, 1 MiB to 2 TiB",
            ConfigKey::capacity),
    /// [ArenaConfig#node].
    NODE("1", "node id of a new arena, 1..4095", text -> number(text, GlobalPointer.MAX_NODE)),
    /// [ArenaConfig#arenaId].
    ARENA_ID("1", "arena id of a new arena, 1..255", text -> number(text, GlobalPointer.MAX_ARENA)),
    /// [ArenaConfig#create].
    CREATE("true", "whether malloc makes the file when it is absent", ConfigKey::truth),
    /// [ArenaConfig#domain].
    DOMAIN(
            "auto",
            "when a store is persistent: auto, cache-line, eadr, process, page",
            text -> text.equals("auto") ? Optional.empty() : Optional.of(PersistenceDomain.parse(text))),
    /// [ArenaConfig#zeroOnFree].
    ZERO_ON_FREE("false", "whether freed blocks are overwritten with zeros", ConfigKey::truth),
    /// [RemoteConfig#zooKeeper].
    ZOOKEEPER(
            "",
            "ZooKeeper servers of a cluster: host:port,host:port",
            text -> BtdConfig.cluster(text).zooKeeper()),
    /// [RemoteConfig#namespace].
    NAMESPACE(
            RemoteConfig.DEFAULT_NAMESPACE,
            "namespace of a cluster there",
            text -> some().withNamespace(text).namespace()),
    /// [RemoteConfig#deadline].
    DEADLINE(
            "10s",
            "deadline of each call to a cluster, 1ms to 1h",
            text -> some().withDeadline(TimeSpan.parse(text)).deadline()),
    /// [RemoteConfig#secret].
    SECRET(
            "",
            "what the members of a cluster share, 16 to 1024 characters",
            text -> some().withSecret(text).secret().orElseThrow()),
    /// [RemoteConfig#transport].
    TRANSPORT(
            "auto",
            "how a cluster is reached: auto, tcp, uds, rdma",
            text -> some().withTransport(text).transport()),
    /// The system property `btd.rdma.provider`.
    RDMA_PROVIDER("verbs", "what RDMA goes through: verbs (rdma-core), disni (libdisni)", text -> {
        if (!text.matches("[a-z]+")) {
            throw refused("use verbs or disni");
        }
        return text;
    });

    private final String defaultText;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Function<String, Object> parser;

    ConfigKey(String defaultText, String meaning, Function<String, Object> parser) {
        this.defaultText = defaultText;
        this.meaning = meaning;
        this.parser = parser;
    }

    /// The key as it is written in the file.
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The variable that overrides the file.
    public String variable() {
        return ConfigSources.PREFIX + name();
    }

    /// The value where nobody gave one, as it would be written; empty for none.
    public String defaultText() {
        return defaultText;
    }

    /// What the key decides, in a few words.
    public String meaning() {
        return meaning;
    }

    /// A value as it may be shown: a secret is not.
    public String shown(String text) {
        return this == SECRET && !text.isEmpty() ? "(hidden)" : text;
    }

    /// Reads a value.
    ///
    /// @throws BtdException when `text` is no value of this key; the hint says what is
    public Object parse(String text) {
        return parser.apply(text);
    }

    /// The key written `text`.
    public static Optional<ConfigKey> of(String text) {
        return Arrays.stream(values()).filter(key -> key.key().equals(text)).findFirst();
    }

    /// How every key is written.
    public static List<String> keys() {
        return Arrays.stream(values()).map(ConfigKey::key).toList();
    }

    /// A configuration to try a value on.
    private static RemoteConfig some() {
        return BtdConfig.cluster("localhost:2181");
    }

    private static Object path(String text) {
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            throw refused("give the path of a file");
        }
        return Path.of(text);
    }

    private static Object capacity(String text) {
        long bytes = ByteSize.parse(text).bytes();
        if (bytes < ArenaConfig.MIN_CAPACITY || bytes > GlobalPointer.MAX_OFFSET / 8) {
            throw refused("use 1 MiB to 2 TiB");
        }
        return bytes;
    }

    private static Object number(String text, int max) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // said below
        }
        throw refused("use 1.." + max);
    }

    private static Object truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw refused("use true or false");
        };
    }

    private static BtdException refused(String hint) {
        return new BtdException.InvalidConfig("bad value", hint);
    }
}
