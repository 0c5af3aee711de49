// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.ArenaConfig;
import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.ArenaOwned;
import io.btd.api.BtdException.ArenaUnusable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/// The embedded cluster over a file, end to end.
class EmbeddedClusterTest {
    @TempDir(factory = TempDirFactory.Standard.class) // on a disk, more often than not
    Path folder;

    @Test
    void aNamedBlockIsThereAfterReopeningAndAnUnnamedOneIsNot() {
        Path file = folder.resolve("arena");
        long named;
        try (BtdCluster cluster = BtdCluster.embedded(file, 1 << 20)) {
            named = cluster.malloc(100);
            cluster.malloc(200);
            cluster.roots().put("greeting", named);
            try (Arena arena = Arena.ofConfined()) {
                cluster.memcpy(named, arena.allocateFrom("hello"));
            }
            assertThat(cluster.stat().liveBlocks()).isEqualTo(3);
        }
        try (BtdCluster cluster = BtdCluster.embedded(file, 1 << 20)) {
            assertThat(cluster.recovery().clean()).isTrue();
            assertThat(cluster.roots().get("greeting")).isEqualTo(named);
            byte[] bytes = new byte[5];
            cluster.read(named, MemorySegment.ofArray(bytes));
            assertThat(new String(bytes, java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("hello");
            assertThat(cluster.stat().liveBlocks()).isEqualTo(2);
        }
    }

    @Test
    void anArenaIsMadeOnceAndRemovedOnce() {
        ArenaConfig config = BtdConfig.embedded(folder.resolve("arena"), 1 << 20);
        BtdCluster.create(config);
        assertThatThrownBy(() -> BtdCluster.create(config))
                .isInstanceOfSatisfying(
                        ArenaUnusable.class, e -> assertThat(e.fault()).isEqualTo(ArenaFault.EXISTS));
        try (BtdCluster cluster = BtdCluster.open(config.withCreate(false))) {
            cluster.roots().put("kept", cluster.malloc(10));
            assertThatThrownBy(() -> BtdCluster.destroy(config)).isInstanceOf(ArenaOwned.class);
            assertThat(cluster.roots().names()).containsExactly("kept");
        }
        BtdCluster.destroy(config);
        assertThat(folder).isEmptyDirectory();
        assertThatThrownBy(() -> BtdCluster.destroy(config))
                .isInstanceOfSatisfying(
                        ArenaUnusable.class, e -> assertThat(e.fault()).isEqualTo(ArenaFault.ABSENT));
    }
}
