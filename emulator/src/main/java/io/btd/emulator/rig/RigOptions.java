// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import io.btd.api.BtdException.InvalidConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What every command of the rig understands.
final class RigOptions {

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "where the guest is kept (default: btd/rig below XDG_CACHE_HOME or ~/.cache)")
    private @Nullable Path cache;

    /// The rig of this checkout.
    Rig rig() {
        Path root = Path.of(System.getProperty("btd.root", "")).toAbsolutePath().normalize();
        Path scripts = root.resolve("emulator/vm");
        if (!Files.isDirectory(scripts)) {
            throw new InvalidConfig(
                    "there is no rig outside of a checkout: folder=" + scripts, "run ./btd of a checkout");
        }
        return new Rig(root, GuestImage.of(scripts, cache != null ? cache.toAbsolutePath() : cache(System.getenv())));
    }

    /// Where caches are kept, by the variables of the environment.
    static Path cache(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", ""));
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        return (caches.isEmpty() ? Path.of(home, ".cache") : Path.of(caches)).resolve("btd/rig");
    }
}
