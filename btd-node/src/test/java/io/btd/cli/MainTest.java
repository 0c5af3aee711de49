// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tset                                | unknown command: command=tset; did you mean test?
            stta                                | unknown command: command=stta; did you mean stat?
            brew                                | unknown command: command=brew; see btd --help
            --colour                            | unknown option: option=--colour; see btd --help
            stat --arna=x                       | unknown option: option=--arna; did you mean --arena?
            roots lst                           | unknown command: command=lst; did you mean list?
            roots                               | no command; btd roots --help lists them
            config now                          | unexpected argument: argument=now; see btd config --help
            malloc                              | missing required parameter: 'SIZE'; see btd malloc --help
            put 0x0011000000000010              | missing required argument
            free                                | missing required argument
            put 0x0011000000000010 --file /none | cannot read: file=/none; give a file that can be read
            """)
    void misuseIsOneLine(String arguments, String message) {
        assertRefused("USAGE: " + message, arguments.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            malloc much --arena a      | INVALID_SIZE: not a size: text=much
            malloc 2EiB2 --arena a     | INVALID_SIZE: not a size: text=2EiB2
            malloc 16EiB --arena a     | INVALID_SIZE: size out of range: text=16EiB
            cat 12 --arena a           | INVALID_POINTER: not a pointer: text=12
            cat 0xghijklmnopqrstuv     | INVALID_POINTER: not a pointer: text=0xghijklmnopqrstuv
            free 0x1 --arena a         | INVALID_POINTER: not a pointer: text=0x1
            stat                       | INVALID_CONFIG: no arena or cluster named: keys=arena, zookeeper; give --arena FILE
            stat --capacity=x          | INVALID_CONFIG: bad value: key=capacity, value=x, from=--capacity
            --set node=x config        | INVALID_CONFIG: bad value: key=node, value=x, from=--set
            config --set nod=1         | INVALID_CONFIG: unknown key: key=nod, from=--set; did you mean node?
            config --config /none      | INVALID_CONFIG: no such configuration file: file=/none, from=--config
            """)
    void badInputIsOneLineWithItsCode(String arguments, String message) {
        assertRefused(message, arguments.split(" "));
    }

    @Test
    void withoutACommandOneIsAskedFor() {
        assertRefused("USAGE: no command; btd --help lists them");
    }

    @Test
    void controlCharactersDoNotBreakTheLine() {
        assertRefused("INVALID_SIZE: not a size: text=1\\n2\\u001b[31m", "malloc", "1\n2\u001b[31m", "--arena", "a");
    }

    @Test
    void traceShowsWhereAnErrorComesFrom() {
        CommandLineRun run = CommandLineRun.of(folder, "stat", "--trace");
        assertThat(run.err()).startsWith("btd: INVALID_CONFIG: ").contains("\tat io.btd.cli.TargetOptions.config");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "stat --help",
                "cluster --help",
                "cluster up --help",
                "zookeeper --help",
                "roots --help",
                "roots list -h",
                "free --help",
                "malloc --help"
            })
    void helpFitsTheTerminal(String arguments) {
        CommandLineRun run = CommandLineRun.of(folder, arguments.split(" "));
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void helpListsTheCommandsOfLauncherAndProgram() {
        String help = CommandLineRun.of(folder, "--help").out();
        assertThat(help).contains("  config ", "  stat ", "  roots ", "  malloc ", "  free ");
        assertThat(Main.LAUNCHER_COMMANDS)
                .allSatisfy(command -> assertThat(help).contains("\n  " + command + " "));
    }

    @Test
    void versionNamesJava() {
        CommandLineRun run = CommandLineRun.of(folder, "--version");
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("btd ").contains("Java " + Runtime.version());
    }

    private void assertRefused(String message, String... arguments) {
        CommandLineRun run = CommandLineRun.of(folder, arguments);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("btd: " + message).hasLineCount(1);
        assertThat(folder).isEmptyDirectory();
    }
}
