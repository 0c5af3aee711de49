// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.emulator.net.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The faults are done to real processes, and nothing of these is left.
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ProcessClusterTest {
    private static final Duration LEASE = Duration.ofMillis(1500);

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static char state(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    @Test
    void aNodeIsStoppedKilledAndStartedOnItsDataAndAtTheEndNothingIsLeft() throws Exception {
        ProcessCluster cluster = new ProcessCluster(1, LEASE, 1);
        long second;
        try (cluster) {
            int node = cluster.nodes().getFirst();
            long first = cluster.pids().getFirst();
            long block;
            try (BtdCluster client = cluster.connect(0)) {
                BtdCluster patient = client.withDeadline(Duration.ofMinutes(1)); // the node has just begun
                block = patient.malloc(64);
                patient.roots().put("kept", block);
                cluster.inject(new Fault.Freeze(0));
                assertThat(state(first)).isEqualTo('T');
                assertThatThrownBy(() -> client.getLong(block)).isInstanceOf(BtdException.class);
                cluster.inject(new Fault.Thaw(0, true));
                assertThat(state(first)).isNotEqualTo('T');
            }
            cluster.inject(new Fault.Freeze(0));
            cluster.inject(new Fault.Kill(0)); // a stopped process, like any other
            assertThat(isAlive(first)).isFalse();
            assertThat(cluster.pids()).isEmpty();
            cluster.inject(new Fault.RegistryDown());
            cluster.inject(new Fault.Restart(0)); // waits for ZooKeeper
            assertThat(cluster.pids()).isEmpty();
            cluster.inject(new Fault.RegistryUp());
            second = cluster.pids().getFirst();
            assertThat(second).isNotEqualTo(first);
            assertThat(cluster.nodes()).isEqualTo(List.of(node));
            try (BtdCluster client = cluster.connectPast()) {
                assertThat(client.roots().get("kept")).isEqualTo(block);
            }
            ProcessHandle.of(second).orElseThrow().destroyForcibly();
            ProcessHandle.of(second).ifPresent(gone -> gone.onExit().join());
            assertThatThrownBy(() -> cluster.inject(new Fault.Restart(0)))
                    .as("nobody killed it")
                    .hasMessageContaining("ended by itself");
        }
        assertThat(isAlive(second)).isFalse();
        assertThat(cluster.folder()).doesNotExist();
    }
}
