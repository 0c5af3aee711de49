// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/// Index and search over a directory, compared with grep and with a plain loop in Java.
class IndexSearchTest {
    private static final List<String> WORDS = List.of(
            "heap",
            "HEAP",
            "Superblock",
            "of",
            "zz",
            "edge",
            "hidden",
            "gr",
            "n",
            "sorted",
            "latin",
            "dd",
            "first",
            "a".repeat(32),
            "b".repeat(32),
            "absent",
            "node",
            "lane",
            "root",
            "page",
            "fence",
            "last");

    private static final Pattern NO_LETTERS = Pattern.compile("[^A-Za-z]+");

    @TempDir(factory = TempDirFactory.Standard.class) // on a disk, more often than not
    private Path directory;

    private final StrictCluster cluster = new StrictCluster();

    @BeforeEach
    void createFiles() throws IOException, InterruptedException {
        SampleTree.create(directory, new Random(Seeds.next()));
    }

    private IndexSummary index() throws IOException {
        InvertedIndex index = InvertedIndex.openOrCreate(cluster, RawPath.of(directory));
        return new IndexRun(index, directory, IndexObserver.NONE).run();
    }

    private List<RawPath> search(String word) {
        return InvertedIndex.find(cluster).orElseThrow().search(word);
    }

    private void compareWithGrep() throws IOException, InterruptedException {
        for (String word : WORDS) {
            if (Tokens.isToken(word)) {
                List<RawPath> grep = Grep.search(directory, word);
                assertThat(search(word)).as("grep for %s", word).isEqualTo(grep);
                assertThat(loop(word)).as("loop for %s", word).isEqualTo(grep);
            }
        }
        IndexCensus census = InvertedIndex.find(cluster).orElseThrow().census();
        assertThat(census.blocks()).isEqualTo(cluster.blocks());
        assertThat(census.waiting()).isZero();
    }

    private List<RawPath> loop(String word) throws IOException {
        List<RawPath> hits = new ArrayList<>();
        for (FileTree.Entry file : FileTree.list(directory).files()) {
            String text = new String(Files.readAllBytes(file.file()), StandardCharsets.ISO_8859_1);
            if (NO_LETTERS.splitAsStream(text).anyMatch(word::equalsIgnoreCase)) {
                hits.add(file.path());
            }
        }
        return hits;
    }

    @Test
    void answersAsGrepDoes() throws IOException, InterruptedException {
        IndexSummary summary = index();
        assertThat(summary.indexed()).isEqualTo(summary.files()).isGreaterThan(70);
        compareWithGrep();
        assertThat(search("edge")).containsExactly(RawPath.of("largest".getBytes(StandardCharsets.US_ASCII)));
        assertThat(search("sorted").stream()
                        .map(path -> new String(path.bytes(), StandardCharsets.ISO_8859_1))
                        .toList())
                .containsExactly("a-b", "a.b", "a/b", "caf\u00e9-\u00ff");
    }

    @Test
    void runningAgainChangesNothing() throws IOException {
        index();
        long calls = cluster.calls();
        IndexSummary again = index();
        assertThat(again.unchanged()).isEqualTo(again.files());
        assertThat(cluster.calls()).isEqualTo(calls);
    }

    @Test
    void followsChangesAndRemovals() throws IOException, InterruptedException {
        index();
        SampleTree.write(directory.resolve("crlf.txt"), "other words");
        SampleTree.write(directory.resolve("a.b"), "SORTED"); // same size
        Files.setLastModifiedTime(directory.resolve("a.b"), FileTime.fromMillis(1));
        Files.delete(directory.resolve("a-b"));
        SampleTree.write(directory.resolve("new/file"), "heap of new");
        SampleTree.write(directory.resolve("largest"), "x ".repeat(1 << 19) + "edge"); // too large now
        IndexSummary summary = index();
        assertThat(summary.indexed()).isEqualTo(3);
        assertThat(summary.removed()).isEqualTo(2);
        assertThat(summary.freed()).isEqualTo(4);
        compareWithGrep();
    }

    @Test
    void nothingGrowsWhenFilesChangeOverAndOver() throws IOException {
        index();
        SampleTree.write(directory.resolve("changing"), "round and round");
        index();
        int blocks = cluster.blocks();
        for (int i = 0; i < 20; i++) {
            Files.setLastModifiedTime(directory.resolve("changing"), FileTime.fromMillis(i));
            assertThat(index().indexed()).isEqualTo(1);
            assertThat(cluster.blocks()).isEqualTo(blocks);
        }
    }

    @Test
    void namesKeepTheirBytes() throws IOException {
        assertThat(FileTree.list(directory).files().stream()
                        .map(file -> new String(file.path().bytes(), StandardCharsets.ISO_8859_1)))
                .contains("caf\u00e9-\u00ff", "with space/new\nline", "quotes '\" \\ %41 $HOME *", ".hidden/.file")
                .doesNotContain("link", "pipe", "too-large", "link-to-nothing");
    }
}
