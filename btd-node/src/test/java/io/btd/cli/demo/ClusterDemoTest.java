// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.btd.api.BtdCluster;
import io.btd.cli.Main;
import io.btd.cli.config.ConfigSources;
import io.btd.gc.Checker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The index over three nodes, each a process of its own, which are killed (SIGKILL) and started again one after the
/// other while it is being made: its process rides that out, and the answers are grep's. The short form kills by
/// progress. The deep form takes thousands of real files and kills by the clock, a node every few seconds, until the
/// index is made.
@Timeout(3600)
class ClusterDemoTest {
    private static final int NODES = 3;
    private static final int WORDS = 20;
    private static final Duration BETWEEN_KILLS = Duration.ofSeconds(3);
    private static final String DEADLINE = "--deadline=110s";
    private static final Map<String, String> ONLY_PROCESSES_DIE = Map.of("BTD_DOMAIN", "process");
    private static final Pattern ZOOKEEPER = Pattern.compile("zookeeper=([0-9.:]+)");

    @TempDir
    private Path folder;

    private final Random random = new Random(Seeds.next());
    private final List<ProcessHandle> seen = new ArrayList<>();
    private String dir = "";
    private String zooKeeper = "";

    private record Run(int code, String out, String err) {}

    private Run run(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new Main(
                        new PrintStream(out, false, UTF_8),
                        new PrintStream(err, false, UTF_8),
                        new ConfigSources(ONLY_PROCESSES_DIE, folder))
                .run(words);
        return new Run(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private String cluster(String command, String... options) {
        List<String> words = new ArrayList<>(List.of("cluster", command, "--dir", dir));
        words.addAll(List.of(options));
        Run run = run(words.toArray(String[]::new));
        assertThat(run.code()).as("%s: %s", words, run.err()).isZero();
        return run.out();
    }

    @BeforeEach
    void up() {
        dir = folder.resolve("cluster").toString();
        Matcher matcher = ZOOKEEPER.matcher(
                cluster("up", "--nodes=" + NODES, Seeds.deep() ? "--capacity=512MiB" : "--capacity=32MiB", DEADLINE));
        assertThat(matcher.find()).isTrue();
        zooKeeper = matcher.group(1);
        processes();
    }

    /// What is left of the processes goes when this one has been told of their end.
    @AfterEach
    void end() throws Exception {
        run("cluster", "down", "--dir", dir, "--deadline=1ms");
        for (ProcessHandle process : seen) {
            process.onExit().get(60, TimeUnit.SECONDS);
        }
    }

    private List<? extends Config> processes() {
        List<? extends Config> processes =
                ConfigFactory.parseString(cluster("status", "--json", DEADLINE)).getConfigList("processes");
        processes.stream()
                .map(process -> process.getLong("pid"))
                .filter(pid -> pid != 0)
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(seen::add));
        return processes;
    }

    private void killAndRestart(int node) {
        ProcessHandle victim = processes().stream()
                .filter(process -> process.getInt("node") == node)
                .map(process -> ProcessHandle.of(process.getLong("pid")).orElseThrow())
                .findFirst()
                .orElseThrow();
        victim.destroyForcibly();
        victim.onExit().join();
        assertThat(cluster("up", DEADLINE)).containsPattern("(?m)^node-" + node + " .* ready in ");
        processes();
    }

    private Path tree() throws IOException, InterruptedException {
        Path tree = folder.resolve("tree");
        if (Seeds.deep()) {
            RealTree.copiedInto(tree);
        }
        SampleTree.create(tree.resolve("odd"), random);
        new SampleTexts(random).write(tree.resolve("texts"), 70, 25);
        return tree;
    }

    @Test
    void nodesDieWhileTheIndexIsMade() throws Exception {
        Path tree = tree();
        List<RawPath> files =
                FileTree.list(tree).files().stream().map(FileTree.Entry::path).toList();
        try (ClusterIndexing indexing = new ClusterIndexing(dir, tree, folder.resolve("errors"))) {
            long begun = System.nanoTime();
            int kills = Seeds.deep() ? killByTheClock(indexing) : killByProgress(indexing, files.size());
            assertThat(indexing.end()).as(indexing.complaints()).isZero();
            assertThat(indexing.acknowledged()).isGreaterThanOrEqualTo(files.size());
            assertThat(kills).isGreaterThanOrEqualTo(NODES);
            System.out.println("kills=" + kills + ", files=" + files.size() + ", seconds="
                    + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) + "\n" + indexing.complaints());
        }
        compareWithGrep(tree, files);
        cluster("down", DEADLINE);
        for (int node = 1; node <= NODES; node++) {
            assertThat(Checker.check(Path.of(dir, "node-" + node, "arena")).problems())
                    .isEmpty();
        }
    }

    private int killByProgress(ClusterIndexing indexing, int files) throws Exception {
        for (int i = 0; i < NODES; i++) {
            assertThat(indexing.await(1 + files * i / NODES))
                    .as(indexing.complaints())
                    .isTrue();
            Thread.sleep(random.nextInt(20)); // somewhere within the next file
            killAndRestart(1 + i % NODES);
        }
        return NODES;
    }

    /// A node dies when the last one has been back for some seconds, and the index has grown since: on a busy machine
    /// a node takes longer to come back than the clock gives, and nothing would be done in between.
    private int killByTheClock(ClusterIndexing indexing) throws IOException {
        int kills = 0;
        long next = System.nanoTime();
        while (indexing.await(indexing.acknowledged() + 1)) {
            if (System.nanoTime() - next >= 0) {
                killAndRestart(1 + random.nextInt(NODES));
                kills++;
                System.out.println("kills=" + kills + ", acknowledged=" + indexing.acknowledged());
                next = System.nanoTime() + BETWEEN_KILLS.toNanos();
            }
        }
        return kills;
    }

    private void compareWithGrep(Path tree, List<RawPath> files) throws IOException, InterruptedException {
        try (BtdCluster cluster = BtdCluster.connect(zooKeeper)) {
            InvertedIndex index = InvertedIndex.find(cluster).orElseThrow();
            for (String word : someWords(tree)) {
                assertThat(index.search(word)).as(word).isEqualTo(Grep.search(tree, word));
            }
            assertThat(index.paths()).containsExactlyInAnyOrderElementsOf(files);
            IndexCensus census = index.census();
            assertThat(census.waiting()).isZero();
            assertThat(census.documents()).isEqualTo(files.size());
            System.out.println(census);
            assertThat(cluster.stat().nodes())
                    .hasSize(NODES)
                    .allSatisfy(node ->
                            assertThat(node.arenas().getFirst().liveBlocks()).isPositive());
            assertThat(cluster.stat().liveBlocks()).isGreaterThanOrEqualTo(census.blocks());
        }
    }

    private Set<String> someWords(Path tree) throws IOException {
        List<FileTree.Entry> files = FileTree.list(tree).files();
        Set<String> words = new TreeSet<>(Set.of("heap", "edge", "btdnosuchword"));
        while (words.size() < WORDS) {
            byte[] bytes =
                    Files.readAllBytes(files.get(random.nextInt(files.size())).file());
            List<String> here = new ArrayList<>(Tokens.in(bytes, bytes.length));
            if (!here.isEmpty()) {
                words.add(here.get(random.nextInt(here.size())));
            }
        }
        return words;
    }
}
