// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.btd.api.ArenaStat;
import io.btd.api.ClassCount;
import io.btd.api.PersistenceDomain;
import io.btd.api.RecoveryReport;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatReportTest {
    private static final List<ClassCount> LIVE = List.of(
            new ClassCount(16, 1_234_567, 16 * 1_234_567L),
            new ClassCount(32 << 10, 2, 64 << 10),
            new ClassCount(0, 1, 3L << 20));
    private static final ArenaStat STAT = new ArenaStat(
            "/dev/shm/a.btd", PersistenceDomain.PROCESS, 1, 2, 7, 64L << 20, 24L << 20, 300 << 10, LIVE, 0, 0);
    private static final RecoveryReport UNCLEAN = new RecoveryReport(
            false,
            true,
            7,
            3,
            LIVE,
            List.of(new ClassCount(48, 5, 240)),
            4096,
            Duration.ofNanos(1_500_000),
            Duration.ofMillis(20),
            Duration.ofMillis(3));
    private static final RecoveryReport CLEAN =
            new RecoveryReport(true, false, 7, 0, List.of(), List.of(), 0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    @Test
    void fitsTheTerminalAndKeepsLargeObjectsLast() {
        String table = new StatReport(STAT, UNCLEAN).table();
        assertThat(table.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(table)
                .containsSubsequence("16 B", "1,234,567", "48 B", "32 KiB", "large")
                .contains("the last owner died", "came back 5 blocks, 240 B", "mark 20.0 ms", "process (");
    }

    @Test
    void aCleanArenaSaysSo() {
        String table = new StatReport(STAT, CLEAN).table();
        assertThat(table).contains("not needed").doesNotContain("came back 0");
    }

    @Test
    void jsonHoldsExactNumbers() {
        Config json = ConfigFactory.parseString(new StatReport(STAT, UNCLEAN).json());
        assertThat(json.getLong("capacity")).isEqualTo(64L << 20);
        assertThat(json.getLong("memory.live-blocks")).isEqualTo(1_234_570);
        assertThat(json.getLong("recovery.replay-nanos")).isEqualTo(1_500_000);
        assertThat(json.getConfigList("recovery.reclaimed").getFirst().getLong("block"))
                .isEqualTo(48);
        assertThat(json.getBoolean("recovery.taken-over")).isTrue();
    }
}
