// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.cli.config.ConfigSources;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class LeadingOptionsTest {
    private static final PrintStream NOWHERE = new PrintStream(new ByteArrayOutputStream());

    private final CommandLine root = new Main(NOWHERE, NOWHERE, new ConfigSources(Map.of(), Path.of(""))).commandLine();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            stat --cluster x                       | stat --cluster x
            --cluster x stat --json                | stat --cluster x --json
            --cluster=x --deadline 1s roots list   | roots list --cluster=x --deadline 1s
            roots --dir x get name                 | roots get --dir x name
            --set node=1 --arena x stat            | --set node=1 stat --arena x
            --trace --arena x malloc 100           | --trace malloc --arena x 100
            --arena x                              | --arena x
            --arena                                | --arena
            --arena x nonsense                     | --arena x nonsense
            roots --arena x                        | roots --arena x
            put 0x1 --text --arena --dir y         | put 0x1 --text --arena --dir y
            cluster --dir x up --nodes 2           | cluster up --dir x --nodes 2
            """)
    void stepBehindTheSubcommand(String line, String moved) {
        assertThat(LeadingOptions.moved(root, line.split(" "))).containsExactly(moved.split(" "));
    }
}
