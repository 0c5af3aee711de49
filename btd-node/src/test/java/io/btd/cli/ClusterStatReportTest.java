// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.btd.api.ArenaStat;
import io.btd.api.ClassCount;
import io.btd.api.ClusterStat;
import io.btd.api.NodeStat;
import io.btd.api.PersistenceDomain;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterStatReportTest {
    private static final ArenaStat ARENA = new ArenaStat(
            "/data/arena",
            PersistenceDomain.PROCESS,
            1,
            1,
            7,
            64L << 20,
            16L << 20,
            300 << 10,
            List.of(new ClassCount(112, 3, 336)),
            0,
            2);
    private static final ClusterStat STAT = new ClusterStat(
            List.of(
                    new NodeStat(1, NodeStat.State.UP, "uds", "uds:/tmp/node-1/node.sock", 7, 4, 1, List.of(ARENA)),
                    new NodeStat(2, NodeStat.State.RECOVERING, "tcp", "tcp:10.0.0.2:7101", 2, 0, 0, List.of(ARENA)),
                    new NodeStat(3, NodeStat.State.DOWN, "", "", 9, 0, 0, List.of())),
            30,
            10);

    @Test
    void aLineForEveryNodeAndTheSums() {
        String table = new ClusterStatReport(STAT).table();
        assertThat(table.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
        assertThat(table.lines().toList().get(1))
                .matches(" +1 up +7 +64.0 MiB +16.0 MiB +4 +1  uds:/tmp/node-1/node.sock");
        assertThat(table)
                .contains("recovering", "down", "tcp:10.0.0.2:7101")
                .contains("nodes     3, 2 of them up")
                .contains("capacity  128 MiB, 32.0 MiB of it in pages in use (25.0 %)")
                .contains("live      6 blocks, 672 B")
                .contains("calls     40 of this client; 75.0 % on its own machine, 25.0 % elsewhere");
    }

    @Test
    void nothingIsDividedByZero() {
        assertThat(new ClusterStatReport(new ClusterStat(List.of(), 0, 0)).table())
                .contains("nodes     0, 0 of them up", "(0.0 %)");
    }

    @Test
    void jsonHoldsExactNumbers() {
        Config json = ConfigFactory.parseString(new ClusterStatReport(STAT).json());
        assertThat(json.getLong("capacity")).isEqualTo(128L << 20);
        assertThat(json.getLong("calls.local")).isEqualTo(30);
        Config first = json.getConfigList("nodes").getFirst();
        assertThat(first.getString("state")).isEqualTo("up");
        assertThat(first.getLong("incarnation")).isEqualTo(7);
        assertThat(first.getLong("limbo")).isEqualTo(1);
        assertThat(first.getLong("live-bytes")).isEqualTo(336);
        assertThat(json.getConfigList("nodes").getLast().getString("state")).isEqualTo("down");
    }
}
