// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdCluster;
import io.btd.cli.ExitCode;
import io.btd.cli.Main;
import io.btd.cli.config.ConfigSources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `btd demo` as a shell sees it.
class DemoCommandTest {
    @TempDir
    private Path folder;

    private Path files;
    private String arena;

    private record Run(int code, String out, String err) {}

    private static Run btd(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(err, true, UTF_8));
        try {
            int code = new Main(
                            new PrintStream(out, false, UTF_8),
                            System.err,
                            new ConfigSources(Map.of(), Path.of("/nonexistent")))
                    .run(arguments);
            return new Run(code, out.toString(UTF_8), err.toString(UTF_8));
        } finally {
            System.setErr(before);
        }
    }

    @BeforeEach
    void makeFiles() throws IOException {
        files = folder.resolve("files");
        arena = folder.resolve("arena.btd").toString();
        SampleTree.write(files.resolve("b/two"), "Fence and heap");
        SampleTree.write(files.resolve("b.two"), "fence");
        SampleTree.write(files.resolve("a"), "heap");
    }

    private Run index(String... options) {
        String[] arguments = new String[options.length + 5];
        System.arraycopy(new String[] {"demo", "index", "--arena", arena, files.toString()}, 0, arguments, 0, 5);
        System.arraycopy(options, 0, arguments, 5, options.length);
        return btd(arguments);
    }

    private Run search(String word) {
        return btd("demo", "search", "--arena", arena, word);
    }

    @Test
    void indexesAndSearches() {
        assertThat(index()).satisfies(run -> {
            assertThat(run.code()).isEqualTo(ExitCode.OK);
            assertThat(run.out()).startsWith("3 files: 3 indexed").hasLineCount(1);
            assertThat(run.err()).isEmpty();
        });
        assertThat(search("fence")).isEqualTo(new Run(ExitCode.OK, "b.two\nb/two\n", ""));
        assertThat(search("HEAP").out()).isEqualTo("a\nb/two\n");
    }

    @Test
    void acknowledgesAndSummarises() {
        assertThat(index("--ack").out()).isEqualTo("indexed a\nindexed b.two\nindexed b/two\n");
        assertThat(index("--json").out()).startsWith("{\"files\":3,\"indexed\":0,\"unchanged\":3,");
    }

    @Test
    void nothingFoundIsNoError() {
        index();
        Run run = search("absent");
        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("no file holds the word: word=absent\n");
    }

    private static void assertRefused(Run run, String message) {
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message).hasLineCount(1);
    }

    @Test
    void refusesWhatIsNoWord() {
        index();
        for (String word : new String[] {"x", "two words", "x1", "a".repeat(33), "gr\u00fcn", "^a"}) {
            assertRefused(search(word), "not a word: word=" + word);
        }
    }

    @Test
    void refusesArenasWithoutAnIndex() {
        assertRefused(search("heap"), "ARENA_UNUSABLE");
        assertThat(Path.of(arena)).doesNotExist();
        BtdCluster.embedded(Path.of(arena), 4 << 20).close();
        assertRefused(search("heap"), "no index there: arena=" + arena);
    }

    @Test
    void refusesOtherDirectories() throws IOException {
        index();
        Path indexed = files;
        files = folder.resolve("nowhere");
        assertRefused(index(), "not a directory: dir=" + files);
        files = indexed.resolve("a");
        assertRefused(index(), "not a directory: dir=" + files);
        files = indexed.resolve("b");
        assertRefused(index(), "there is an index of another directory: indexed=" + indexed.toRealPath());
        assertThat(search("heap").out()).isEqualTo("a\nb/two\n");
    }

    @Test
    void aFullArenaIsATypedErrorAndTheIndexStays() throws IOException {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            words.append(Integer.toString(i, 26).replaceAll("[0-9]", "zz")).append(' ');
        }
        for (int i = 0; i < 20; i++) {
            SampleTree.write(files.resolve("many/" + (i + 10)), words.toString());
        }
        Run run = index("--capacity", "2MiB");
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err())
                .startsWith("btd: FULL: no room, what was indexed so far stays")
                .hasLineCount(1);
        assertThat(search("fence").out()).isEqualTo("b.two\nb/two\n");
        assertThat(index().code()).isEqualTo(ExitCode.FAILED);
        for (int i = 0; i < 20; i++) {
            Files.delete(files.resolve("many/" + (i + 10)));
        }
        assertThat(index().code()).isEqualTo(ExitCode.OK);
        assertThat(search("fence").out()).isEqualTo("b.two\nb/two\n");
    }
}
