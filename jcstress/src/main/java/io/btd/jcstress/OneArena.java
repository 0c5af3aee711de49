// SPDX-License-Identifier: Apache-2.0
package io.btd.jcstress;

import io.btd.api.BtdCluster;
import io.btd.cli.Ramdisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The arena of this process, on the ramdisk where there is one. Its file loses its name as soon as it is open, so
/// nothing stays behind however the process ends.
final class OneArena {
    private static final long CAPACITY = 512L << 20;

    /// The cluster on it.
    static final BtdCluster CLUSTER = open();

    private OneArena() {}

    private static BtdCluster open() {
        Path file = Ramdisk.orTemporary()
                .resolve("btd-jcstress-" + ProcessHandle.current().pid());
        try {
            BtdCluster cluster = BtdCluster.embedded(file, CAPACITY);
            Files.delete(file);
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
