// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdCluster;
import io.btd.cli.Ramdisk;
import io.btd.cli.quickstart.IndexingChild;
import io.btd.gc.CheckReport;
import io.btd.gc.Checker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `btd demo index` in a process of its own, killed again and again at random moments (SIGKILL), over files
/// of the JDK and over files that change meanwhile. After each kill the arena is checked; in the end the index
/// answers as grep does and nothing is leaked. The deep form takes the JDK's sources: thousands of files.
class IndexCrashTest {
    private static final int WORDS = 100;

    private final long seed = Seeds.next();
    private final Random random = new Random(seed);
    private final Set<RawPath> acknowledged = new HashSet<>();
    private Path folder;
    private Path arena;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Ramdisk.makeFolder("btd-crash-test-");
        arena = folder.resolve("arena.btd");
    }

    @AfterEach
    void removeFolder() throws IOException {
        Ramdisk.removeFolder(folder);
    }

    @Test
    void killsOverARealTree() throws IOException, InterruptedException {
        Path tree = Seeds.deep() ? RealTree.unpackedInto(folder.resolve("tree")) : RealTree.ofTheJdk();
        int files = FileTree.list(tree).files().size();
        int kills = Seeds.deep() ? 20 : 6;
        System.out.println("kills=" + kills + ", files=" + files + ", tree=" + tree);
        for (int i = 0; i < kills; i++) {
            indexAndKill(tree, files / (kills + 2));
            if (random.nextBoolean()) {
                checkInside();
            } // otherwise the next child recovers
        }
        finish(tree);
        compareWithGrep(tree);
    }

    @Test
    void killsWhileFilesChange() throws IOException, InterruptedException {
        Path tree = folder.resolve("tree");
        SampleTree.create(tree, random);
        Files.delete(tree.resolve("with space/new\nline")); // acknowledgements are lines
        for (int i = 0; i < (Seeds.deep() ? 40 : 8); i++) {
            indexAndKill(tree, 10);
            acknowledged.clear(); // what changes now has not been acknowledged as it is then
            change(tree);
        }
        finish(tree);
        compareWithGrep(tree);
    }

    /// Starts a child and kills it: after a number of acknowledged files and a moment more, or at any time.
    private void indexAndKill(Path tree, int pace) throws IOException, InterruptedException {
        try (IndexingChild child = IndexingChild.start(arena, tree, folder.resolve("errors"))) {
            if (random.nextInt(4) == 0) {
                Thread.sleep(random.nextInt(600)); // start, recovery, removals
            } else {
                int wanted = random.nextInt(2 * pace + 1);
                while (child.acknowledged().size() < wanted && child.awaitAcknowledgement()) {
                    // counted by the child
                }
                long until = System.nanoTime() + random.nextInt(3_000_000);
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            }
            int exit = child.kill();
            acknowledged.addAll(child.acknowledged());
            System.out.println(
                    "exit=" + exit + ", acknowledged=" + child.acknowledged().size());
            assertThat(exit).as(complaints()).isIn(0, 137);
        }
        fsck();
    }

    private String complaints() throws IOException {
        Path errors = folder.resolve("errors");
        return Files.exists(errors) ? Files.readString(errors) : "";
    }

    /// Checks the file as it lies there: sound whatever was interrupted; where it was closed cleanly, without a
    /// leaked byte.
    private void fsck() {
        if (Files.exists(arena)) {
            CheckReport report = Checker.check(arena);
            assertThat(report.problems()).as("fsck, seed %d", seed).isEmpty();
            if (report.clean()) {
                assertThat(report.unreachableBytes())
                        .as("leaked bytes, seed %d", seed)
                        .isZero();
            }
        }
    }

    /// Recovers the arena here and looks at it.
    private void checkInside() {
        if (!Files.exists(arena)) {
            return;
        }
        try (BtdCluster cluster = BtdCluster.embedded(arena, 256L << 20)) {
            InvertedIndex.find(cluster)
                    .ifPresentOrElse(
                            index -> {
                                IndexCensus census = index.census();
                                if (!cluster.recovery().clean()) {
                                    assertThat(cluster.stat().liveBlocks())
                                            .as("leaked blocks")
                                            .isEqualTo(census.blocks()
                                                    + cluster.roots().names().size());
                                }
                                assertThat(index.paths()).containsAll(acknowledged);
                            },
                            () -> assertThat(acknowledged).isEmpty());
        }
    }

    private void finish(Path tree) throws IOException, InterruptedException {
        try (IndexingChild child = IndexingChild.start(arena, tree, folder.resolve("errors"))) {
            assertThat(child.await()).as(complaints()).isZero();
            acknowledged.addAll(child.acknowledged());
        }
        fsck();
        checkInside();
        fsck();
    }

    private void compareWithGrep(Path tree) throws IOException, InterruptedException {
        try (BtdCluster cluster = BtdCluster.embedded(arena, 256L << 20)) {
            InvertedIndex index = InvertedIndex.find(cluster).orElseThrow();
            assertThat(index.census().waiting()).isZero();
            List<RawPath> files = FileTree.list(tree).files().stream()
                    .map(FileTree.Entry::path)
                    .toList();
            assertThat(index.paths()).containsExactlyInAnyOrderElementsOf(files);
            for (String word : someWords(tree)) {
                assertThat(index.search(word))
                        .as("seed %d, word %s", seed, word)
                        .isEqualTo(Grep.search(tree, word));
            }
        }
    }

    private List<String> someWords(Path tree) throws IOException {
        List<FileTree.Entry> files = FileTree.list(tree).files();
        TreeSet<String> words = new TreeSet<>(Set.of("license", "btdnosuchword"));
        for (int tries = 0; words.size() < WORDS && tries < 10 * WORDS; tries++) {
            byte[] bytes =
                    Files.readAllBytes(files.get(random.nextInt(files.size())).file());
            List<String> here = new ArrayList<>(Tokens.in(bytes, bytes.length));
            if (!here.isEmpty()) {
                words.add(here.get(random.nextInt(here.size())));
            }
        }
        return List.copyOf(words);
    }

    /// Changes, removes and adds some files.
    private void change(Path tree) throws IOException {
        for (FileTree.Entry file : FileTree.list(tree).files()) {
            switch (random.nextInt(12)) {
                case 0 -> Files.delete(file.file());
                case 1 -> SampleTree.write(file.file(), "changed heap " + random.nextInt(1000));
                case 2 -> Files.setLastModifiedTime(file.file(), FileTime.fromMillis(random.nextInt()));
                case 3 ->
                    SampleTree.write(
                            tree.resolve("added/" + random.nextInt(1000)),
                            SampleTree.VOCABULARY[random.nextInt(SampleTree.VOCABULARY.length)] + " added");
                default -> {
                    // stays
                }
            }
        }
    }
}
