// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.PersistenceDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/// An arena on a file system with DAX: persistent memory, or what the rig emulates of it.
@EnabledIfEnvironmentVariable(
        named = "RIG_DAX",
        matches = ".+",
        disabledReason = "no folder on a file system with DAX is named by RIG_DAX; ./btd rig test has one")
class DaxDeviceTest {
    /// How smaps calls a mapping with MAP_SYNC: synchronous page faults.
    private static final String SYNCHRONOUS = "sf";

    private final Path path = Path.of(Objects.requireNonNull(System.getenv("RIG_DAX")), "dax-test.btd");

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(path);
    }

    private ArenaFile open() {
        return ArenaFile.open(path, true, 8 << 20, 1, 1, null);
    }

    /// The flags that the kernel has for the mapping of the arena.
    private List<String> flags() throws IOException {
        boolean ours = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                ours = line.endsWith(path.toString());
            } else if (ours && line.startsWith("VmFlags:")) {
                return List.of(line.split(" +"));
            }
        }
        return List.of();
    }

    @Test
    void anArenaIsMappedWithMapSync() throws IOException {
        ArenaFile arena = open();
        assertThat(arena.medium().memory().domain()).isEqualTo(PersistenceDomain.CACHE_LINE);
        assertThat(flags()).contains(SYNCHRONOUS);
        arena.markClosed(true);
        arena.medium().close();
    }
}
