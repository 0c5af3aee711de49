// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.benchmarks.load.Case;
import io.btd.benchmarks.load.Link;
import io.btd.benchmarks.load.Operation;
import io.btd.benchmarks.load.Outcome;
import io.btd.benchmarks.load.Round;
import io.btd.benchmarks.load.Shape;
import io.btd.benchmarks.load.Slice;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @TempDir
    Path folder;

    /// Rounds of 1000 operations in a tenth of a second, all of which took this long.
    private static Outcome outcome(String system, Operation operation, Link link, Shape shape, long... micros) {
        List<Round> rounds = new ArrayList<>();
        for (long each : micros) {
            Histogram latencies = Slice.histogram();
            Slice.record(latencies, each * 1000, 999);
            Slice.record(latencies, each * 10_000, 1);
            rounds.add(new Round(latencies, 100_000_000, 2_000_000, 3_000_000));
        }
        return new Outcome(new Case(system, operation, "GET", link, shape), rounds, Optional.empty());
    }

    @Test
    void figuresAreThoseOfAllRounds() {
        Outcome outcome = outcome("redis", Operation.READ, Link.TCP, Shape.ALONE, 10, 20);
        assertThat(outcome.operations()).isEqualTo(2000);
        assertThat(outcome.perSecond()).isEqualTo(10_000);
        assertThat(outcome.micros(49)).isBetween(9.9, 10.1);
        assertThat(outcome.micros(90)).isBetween(19.8, 20.2);
        assertThat(outcome.clientCpuMicros()).isEqualTo(2);
        assertThat(outcome.serverCpuMicros()).isEqualTo(3);
    }

    @Test
    void ratiosAreTakenRoundByRound() {
        // Pooled, the medians would differ more: the second round was slow for both.
        Outcome btd = outcome(Case.BTD, Operation.READ, Link.TCP, Shape.ALONE, 10, 400, 30);
        Outcome redis = outcome("redis", Operation.READ, Link.TCP, Shape.ALONE, 20, 400, 10);
        Ratio ratio = Ratio.all(List.of(btd, redis)).getFirst();
        assertThat(ratio.median50().median()).isBetween(0.98, 1.02);
        assertThat(ratio.median50().least()).isBetween(0.49, 0.51);
        assertThat(ratio.median50().most()).isBetween(2.9, 3.1);
        assertThat(ratio.throughput()).isEqualTo(new Spread(1, 1, 1));
    }

    @Test
    void likeIsComparedWithLike() {
        Outcome btd = outcome(Case.BTD, Operation.READ, Link.TCP, Shape.window(256), 10);
        List<Outcome> peers = List.of(
                outcome("other-link", Operation.READ, Link.UDS, Shape.batch(256), 10),
                outcome("other-kind", Operation.READ, Link.TCP, Shape.ALONE, 10),
                outcome("other-operation", Operation.MEMCPY, Link.TCP, Shape.batch(256), 10),
                outcome("same", Operation.READ, Link.TCP, Shape.batch(256), 10),
                outcome("echo", Operation.ECHO, Link.TCP, Shape.window(256), 10),
                new Outcome(
                        new Case("failed", Operation.READ, "GET", Link.TCP, Shape.batch(256)),
                        List.of(),
                        Optional.of("gone")));
        List<Outcome> all = new ArrayList<>(peers);
        all.add(btd);
        assertThat(Ratio.all(all)).extracting(ratio -> ratio.peer().system()).containsExactly("same", "echo");
    }

    @Test
    void theMiddleOfAnEvenNumber() {
        assertThat(Spread.of(4, 1, 3, 2)).isEqualTo(new Spread(2.5, 1, 4));
    }

    @Test
    void theCsvHasALineForAllRoundsAndOneForEach() {
        String csv = LatencyCsv.of(List.of(
                outcome("redis", Operation.READ, Link.TCP, Shape.batch(256), 10, 20),
                new Outcome(
                        new Case("failed", Operation.READ, "GET", Link.TCP, Shape.ALONE),
                        List.of(),
                        Optional.of("gone"))));
        List<String> lines = csv.lines().toList();
        assertThat(lines).hasSize(4);
        int columns = lines.getFirst().split(",").length;
        assertThat(lines).allMatch(line -> line.split(",", -1).length == columns);
        assertThat(lines.get(1)).startsWith("read,redis,GET,tcp,1,1,256,false,all,2000,");
        assertThat(lines.get(1)).endsWith(",10000.0,2.000,3.000");
        assertThat(lines.get(3)).startsWith("read,redis,GET,tcp,1,1,256,false,2,1000,20.");
    }

    @Test
    void theTableFitsOnATerminalAndSaysWhatIsMissing() {
        String table = new LatencyTable(List.of(
                        outcome(Case.BTD, Operation.READ, Link.TCP, Shape.connections(50), 10, 20),
                        outcome("redis-always", Operation.READ, Link.TCP, Shape.connections(50), 123_456, 20),
                        new Outcome(
                                new Case("memcached", Operation.READ, "get", Link.UDS, Shape.ALONE),
                                List.of(),
                                Optional.of("gone"))))
                .toString();
        assertThat(table.lines()).allMatch(line -> line.length() <= 92, "is not too wide");
        assertThat(table)
                .contains("btd tcp, 50 connections")
                .contains("/ redis-always GET")
                .contains("left out: subject=memcached get uds, 1 connection, reason=gone");
    }

    @Test
    @Timeout(60)
    void thePictureHasAPanelForEachOperation() throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        List<Shape> shapes =
                List.of(Shape.ALONE, Shape.connections(50), Shape.threads(50), Shape.window(256), Shape.batch(256));
        long micros = 20;
        for (Operation operation : Operation.values()) {
            List<String> systems = operation == Operation.ECHO
                    ? List.of("socket", "netty")
                    : List.of(Case.BTD, "redis", "redis-always", "memcached");
            for (String system : systems) {
                for (Link link : Link.values()) {
                    for (Shape shape : shapes) {
                        micros = micros * 7 % 997 + 10;
                        outcomes.add(outcome(system, operation, link, shape, micros));
                    }
                }
            }
        }
        Path file = folder.resolve("all.png");
        LatencyPlot.write(outcomes, "made up", file);
        BufferedImage all = ImageIO.read(file.toFile());
        Path one = folder.resolve("one.png");
        LatencyPlot.write(
                outcomes.stream()
                        .filter(row -> row.what().operation() == Operation.READ)
                        .toList(),
                "made up",
                one);
        BufferedImage single = ImageIO.read(one.toFile());
        assertThat(all.getWidth()).isEqualTo(2 * single.getWidth());
        assertThat(all.getHeight()).isGreaterThan(single.getHeight());
    }
}
