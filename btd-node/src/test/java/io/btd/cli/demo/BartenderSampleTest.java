// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdCluster;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bartender sample. `DocsTest` runs it as the README shows it.
class BartenderSampleTest {
    @TempDir
    private Path folder;

    @Test
    void bartender() {
        Path arena = folder.resolve("bartender.btd");
        try (BtdCluster cluster = BtdCluster.embedded(arena, 64 << 20)) { // one node, in this process
            long p = cluster.malloc(100);
            cluster.memcpy(p, MemorySegment.ofArray("123".getBytes(US_ASCII)));
            cluster.free(p);
        }
        assertThat(arena).isRegularFile();
    }
}
