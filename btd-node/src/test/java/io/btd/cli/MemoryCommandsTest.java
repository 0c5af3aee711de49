// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.btd.api.BtdCluster;
import io.btd.api.GlobalPointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryCommandsTest {

    @TempDir
    private Path folder;

    private Path arena;

    @BeforeEach
    void name() {
        arena = folder.resolve("an arena");
    }

    @Test
    void aBlockIsMadeFilledReadAndFreed() throws IOException {
        String block =
                btd("malloc", "100", "--root", "greeting", "--capacity", "2MiB").strip();
        assertThat(GlobalPointer.parse(block)).isNotZero();
        btd("put", block, "--text", "grüß dich");
        assertThat(btd("cat", block, "--length", "11")).isEqualTo("grüß dich");
        Path file = Files.writeString(folder.resolve("file"), "world");
        btd("put", block, "--file", file.toString(), "--offset", "6");
        assertThat(btd("cat", block, "--length", "11")).startsWith("grüß").endsWith("world");
        assertThat(btd("cat", block).length()).isGreaterThanOrEqualTo(98);
        assertThat(btd("roots", "list")).isEqualTo(block + "  greeting\n");
        assertThat(btd("roots", "get", "greeting")).isEqualTo(block + "\n");
        btd("free", "--root", "greeting");
        assertThat(btd("roots", "list")).isEmpty();
        refused("INVALID_POINTER", "cat", block);
        refused("INVALID_ROOT: no such root: name=greeting", "free", "--root", "greeting");
    }

    @Test
    void namesAreMovedAndRemovedWithoutFreeing() throws IOException {
        String first = btd("malloc", "100", "--root", "a").strip();
        String second = btd("malloc", "64KiB", "--root", "b", "--opaque").strip();
        refused("INVALID_ROOT: name is taken: name=a, block=" + first, "malloc", "100", "--root", "a");
        assertThat(run("roots", "put", "a", second).err()).isEqualTo("unlinked, not freed: " + first + "\n");
        btd("free", first);
        assertThat(run("roots", "rm", "a").err()).isEqualTo("unlinked, not freed: " + second + "\n");
        assertThat(btd("roots", "list")).isEqualTo(second + "  b\n");
        refused("INVALID_ROOT: no such root: name=a", "roots", "rm", "a");
        refused("INVALID_ROOT: no such root: name=a", "roots", "get", "a");
        refused("INVALID_POINTER", "roots", "put", "c", first);
    }

    @Test
    void anUnpublishedBlockComesBackWithTheEndOfItsSession() throws IOException {
        CommandLineRun run = run("malloc", "100");
        assertThat(run.code()).isZero();
        assertThat(run.err()).hasLineCount(1).contains("not published", "it is free again");
        refused("INVALID_POINTER", "cat", run.out().strip());
    }

    @Test
    void statCountsWhatIsThere() throws IOException {
        btd("malloc", "100", "--root", "a", "--capacity", "2MiB");
        assertThat(btd("stat")).contains("capacity    2.00 MiB", "recovery    not needed", arena.toString());
        Config json = ConfigFactory.parseString(btd("stat", "--json"));
        assertThat(json.getLong("capacity")).isEqualTo(2 << 20);
        assertThat(json.getLong("memory.live-blocks")).isPositive();
        assertThat(json.getBoolean("recovery.clean")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            malloc 0                             | INVALID_SIZE
            malloc -5                            | INVALID_SIZE
            malloc 4611686018427387904           | INVALID_SIZE
            free 0x0000000000000000              | INVALID_POINTER
            free 0x0010100000000008              | INVALID_POINTER
            free 0x0020100000001000              | INVALID_POINTER
            cat 0x0010100000001000               | INVALID_POINTER
            put 0x0010100000001000 --text a      | INVALID_POINTER
            roots put x 0x0010100000100000       | INVALID_POINTER
            roots get absent                     | INVALID_ROOT
            """)
    void badInputIsRefusedAndChangesNothing(String arguments, String code) throws IOException {
        btd("malloc", "100", "--root", "kept");
        String before = btd("stat", "--json").replaceAll("\"generation\" : [0-9]+", "");
        refused(code, arguments.split(" "));
        assertThat(btd("stat", "--json").replaceAll("\"generation\" : [0-9]+", ""))
                .isEqualTo(before);
    }

    @Test
    void freedAndInteriorPointersAreRefused() throws IOException {
        long block = GlobalPointer.parse(btd("malloc", "100", "--root", "a").strip());
        refused("INVALID_POINTER", "free", GlobalPointer.toString(block + 16));
        btd("roots", "rm", "a");
        btd("free", GlobalPointer.toString(block));
        refused("INVALID_POINTER", "free", GlobalPointer.toString(block));
    }

    @Test
    void moreThanThereIsRoomForIsNotTheCallersMistake() throws IOException {
        btd("malloc", "100", "--capacity", "1MiB");
        CommandLineRun run = run("malloc", "3MiB");
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).startsWith("btd: FULL: ").hasLineCount(1);
    }

    @Test
    void onlyMallocMakesAnArena() throws IOException {
        for (String command : List.of("stat", "roots list", "free 0x0010100000001000", "cat 0x0010100000001000")) {
            refused("ARENA_UNUSABLE", command.split(" "));
        }
        refused("ARENA_UNUSABLE", "malloc", "1", "--set", "create=false");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void unusableArenasAreRefused() throws IOException {
        arena = Files.createDirectory(folder.resolve("folder"));
        refused("ARENA_UNUSABLE", "stat");
        arena = Files.writeString(folder.resolve("short"), "short");
        refused("ARENA_UNUSABLE", "stat");
        arena = Files.write(folder.resolve("foreign"), new byte[1 << 20]);
        refused("ARENA_UNUSABLE", "malloc", "1");
    }

    @Test
    void anArenaInUseIsRefused() throws IOException {
        try (BtdCluster cluster = BtdCluster.embedded(arena, 1 << 20)) {
            assertThat(cluster.malloc(1)).isNotZero();
            refused("ARENA_OWNED", "stat");
        }
        btd("stat");
    }

    @Test
    void rootsWithControlCharactersStayOnOneLine() throws IOException {
        btd("malloc", "1", "--root", "a\nb\u001b[31m");
        assertThat(btd("roots", "list")).hasLineCount(1).endsWith("  a\\nb\\u001b[31m\n");
    }

    private CommandLineRun run(String... arguments) {
        String[] all = Stream.concat(Arrays.stream(arguments), Stream.of("--arena", arena.toString()))
                .toArray(String[]::new);
        return CommandLineRun.of(folder, all);
    }

    private String btd(String... arguments) {
        CommandLineRun run = run(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run.out();
    }

    private void refused(String message, String... arguments) {
        CommandLineRun run = run(arguments);
        assertThat(run.err()).startsWith("btd: " + message).hasLineCount(1);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
    }
}
