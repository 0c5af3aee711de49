// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.ArenaConfig;
import io.btd.api.BtdCluster;
import io.btd.cli.config.ConfigKey;
import io.btd.cli.config.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The options of every subcommand that opens an arena, as a picocli mixin:
///
/// ```java
/// @Mixin private ArenaOptions arena;
/// ...
/// try (BtdCluster cluster = arena.openExisting()) { ... }
/// ```
public final class ArenaOptions {

    @Option(names = "--arena", paramLabel = "FILE", description = "file of the arena")
    private @Nullable String file;

    @Option(names = "--capacity", paramLabel = "SIZE", description = "memory of a new arena, as 64MiB")
    private @Nullable String capacity;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /// What all sources and these options say.
    ///
    /// @throws io.btd.api.BtdException.InvalidConfig when no arena is named, or for a mistake anywhere
    public ArenaConfig config() {
        Settings settings = Main.of(command).settings();
        if (file != null) {
            settings = settings.with(ConfigKey.ARENA, file, "--arena");
        }
        if (capacity != null) {
            settings = settings.with(ConfigKey.CAPACITY, capacity, "--capacity");
        }
        return settings.embedded();
    }

    /// Opens the arena, and makes it when it is absent and `create` is set (which it is by default).
    ///
    /// @throws io.btd.api.BtdException when it cannot be opened
    public BtdCluster open() {
        return BtdCluster.open(config());
    }

    /// Opens the arena, which must be there.
    ///
    /// @throws io.btd.api.BtdException when it cannot be opened
    public BtdCluster openExisting() {
        return BtdCluster.open(config().withCreate(false));
    }
}
