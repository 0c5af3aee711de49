// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.config;

import io.btd.api.ArenaConfig;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException;
import io.btd.api.PersistenceDomain;
import io.btd.api.RemoteConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// One value for every key that has one, checked. Immutable.
public final class Settings {
    private final Map<ConfigKey, Setting> values;

    Settings(Map<ConfigKey, Setting> values) {
        this.values = new EnumMap<>(values);
    }

    /// The value of `key`; empty when nobody gave one and there is no default.
    public Optional<Setting> get(ConfigKey key) {
        return Optional.ofNullable(values.get(key));
    }

    /// The same with `text` for `key`.
    ///
    /// @param source where `text` was written
    /// @throws BtdException.InvalidConfig when `text` is no value for `key`
    public Settings with(ConfigKey key, String text, String source) {
        Settings changed = new Settings(values);
        changed.values.put(key, Setting.of(key, text, source));
        return changed;
    }

    /// What is needed to open an embedded cluster.
    ///
    /// @throws BtdException.InvalidConfig when no arena was named
    public ArenaConfig embedded() {
        if (!values.containsKey(ConfigKey.ARENA)) {
            throw new BtdException.InvalidConfig(
                    "no arena named: key=arena", "give --arena FILE, set BTD_ARENA, or write arena = FILE in btd.conf");
        }
        @SuppressWarnings("unchecked")
        Optional<PersistenceDomain> domain = value(ConfigKey.DOMAIN, Optional.class);
        return new ArenaConfig(
                value(ConfigKey.ARENA, Path.class),
                value(ConfigKey.CAPACITY, Long.class),
                value(ConfigKey.NODE, Integer.class),
                value(ConfigKey.ARENA_ID, Integer.class),
                value(ConfigKey.CREATE, Boolean.class),
                domain,
                value(ConfigKey.ZERO_ON_FREE, Boolean.class));
    }

    /// What is needed to connect to a cluster.
    ///
    /// @throws BtdException.InvalidConfig when no ZooKeeper was named
    public RemoteConfig remote() {
        if (!values.containsKey(ConfigKey.ZOOKEEPER)) {
            throw new BtdException.InvalidConfig(
                    "no cluster named: key=zookeeper",
                    "give --cluster CONNECT, set BTD_ZOOKEEPER, or write zookeeper = CONNECT in btd.conf");
        }
        return new RemoteConfig(
                value(ConfigKey.ZOOKEEPER, String.class),
                value(ConfigKey.NAMESPACE, String.class),
                value(ConfigKey.DEADLINE, Duration.class),
                get(ConfigKey.SECRET).map(secret -> (String) secret.value()),
                value(ConfigKey.TRANSPORT, String.class));
    }

    /// The arena, or the cluster, that was named.
    ///
    /// @throws BtdException.InvalidConfig when neither was, or both were
    public BtdConfig target() {
        Optional<Setting> arena = get(ConfigKey.ARENA);
        Optional<Setting> cluster = get(ConfigKey.ZOOKEEPER);
        if (arena.isPresent() && cluster.isPresent()) {
            throw new BtdException.InvalidConfig(
                    "both an arena and a cluster are named: arena from "
                            + arena.get().source() + ", zookeeper from "
                            + cluster.get().source(),
                    "say which with --arena or --cluster");
        }
        if (arena.isEmpty() && cluster.isEmpty()) {
            throw new BtdException.InvalidConfig(
                    "no arena or cluster named: keys=arena, zookeeper",
                    "give --arena FILE, --dir DIR or --cluster CONNECT, or set BTD_ARENA or BTD_ZOOKEEPER");
        }
        return cluster.isPresent() ? remote() : embedded();
    }

    private <T> T value(ConfigKey key, Class<T> type) {
        return type.cast(get(key).orElseThrow().value());
    }
}
