// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.ArenaConfig;
import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.RemoteConfig;
import io.btd.cli.config.ClusterFile;
import io.btd.cli.config.ConfigKey;
import io.btd.cli.config.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options of every subcommand that works on memory, as a picocli mixin: where the memory is.
///
/// ```java
/// @Mixin private TargetOptions target;
/// ...
/// try (BtdCluster cluster = target.openExisting()) { ... }
/// ```
///
/// [LeadingOptions] lets them stand before the subcommand's name as well.
public final class TargetOptions {

    @ArgGroup
    private @Nullable Place place;

    @Option(names = "--capacity", paramLabel = "SIZE", description = "memory of a new arena, as 64MiB")
    private @Nullable String capacity;

    @Option(names = "--deadline", paramLabel = "D", description = "of each call to a cluster, as 500ms or 10s")
    private @Nullable String deadline;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /// One of the three.
    static final class Place {
        @Option(names = "--arena", paramLabel = "FILE", description = "file of an arena, opened in this process")
        private @Nullable String arena;

        @Option(names = "--dir", paramLabel = "DIR", description = "folder of a cluster that btd cluster up made")
        private @Nullable Path dir;

        @Option(names = "--cluster", paramLabel = "CONNECT", description = "ZooKeeper of a cluster: host:port,...")
        private @Nullable String cluster;
    }

    /// What all sources and these options say.
    ///
    /// @throws io.btd.api.BtdException.InvalidConfig when no place is named, or two, or for a mistake anywhere
    public BtdConfig config() {
        Settings settings = Main.of(command).settings();
        if (deadline != null) {
            settings = settings.with(ConfigKey.DEADLINE, deadline, "--deadline");
        }
        if (capacity != null) {
            settings = settings.with(ConfigKey.CAPACITY, capacity, "--capacity");
        }
        BtdConfig config = place == null ? settings.target() : named(settings, place);
        if (capacity != null && config instanceof RemoteConfig) {
            throw new ParameterException(
                    command.commandLine(),
                    "no arena is made here: option=--capacity; it goes with --arena and btd cluster up");
        }
        return config;
    }

    private static BtdConfig named(Settings settings, Place place) {
        if (place.dir != null) {
            return ClusterFile.read(place.dir).remote(place.dir, settings);
        }
        return place.cluster != null
                ? settings.with(ConfigKey.ZOOKEEPER, place.cluster, "--cluster").remote()
                : settings.with(ConfigKey.ARENA, String.valueOf(place.arena), "--arena")
                        .embedded();
    }

    /// Where it is, for messages: `arena=FILE` or `zookeeper=CONNECT`.
    public String where() {
        return switch (config()) {
            case ArenaConfig arena -> "arena=" + arena.arena();
            case RemoteConfig remote -> "zookeeper=" + remote.zooKeeper();
        };
    }

    /// Opens an arena, and makes it when it is absent and `create` is set (which it is by default); or a cluster.
    ///
    /// @throws io.btd.api.BtdException when it cannot be opened
    public BtdCluster open() {
        return BtdCluster.open(config());
    }

    /// Opens an arena, which must be there; or a cluster.
    ///
    /// @throws io.btd.api.BtdException when it cannot be opened
    public BtdCluster openExisting() {
        return BtdCluster.open(
                switch (config()) {
                    case ArenaConfig arena -> arena.withCreate(false);
                    case RemoteConfig remote -> remote;
                });
    }
}
