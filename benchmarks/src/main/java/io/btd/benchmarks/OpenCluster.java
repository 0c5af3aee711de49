// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks;

import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.cli.Ramdisk;
import io.btd.node.EmbeddedCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// An embedded cluster on a ramdisk (where there is none, in the folder for temporary files). The file loses
/// its name as soon as it is open, so nothing stays behind however the benchmark ends.
@State(Scope.Benchmark)
public class OpenCluster {
    private static final long CAPACITY = 256L << 20;

    private @Nullable EmbeddedCluster cluster;

    /// Opens it.
    @Setup
    public void setUp() throws IOException {
        Path file = Ramdisk.orTemporary()
                .resolve("btd-bench-" + ProcessHandle.current().pid());
        try {
            cluster = EmbeddedCluster.open(BtdConfig.embedded(file, CAPACITY));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /// Closes it.
    @TearDown
    public void tearDown() {
        get().close();
    }

    BtdCluster get() {
        if (cluster == null) {
            throw new IllegalStateException("cluster is not open: call setUp first");
        }
        return cluster;
    }
}
