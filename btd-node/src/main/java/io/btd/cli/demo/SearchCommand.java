// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdCluster;
import io.btd.cli.ExitCode;
import io.btd.cli.Main;
import io.btd.cli.TargetOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `btd demo search`: prints the files that hold a word.
@Command(
        name = "search",
        description = "Print the indexed files that hold WORD, sorted by bytes, relative to their directory")
final class SearchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private TargetOptions target;

    @Parameters(paramLabel = "WORD", description = "2 to 32 ASCII letters, in either case")
    private String word;

    @Override
    public Integer call() {
        if (!Tokens.isToken(word)) {
            throw refused("not a word: word=" + word + "; use " + Tokens.MIN_LENGTH + " to " + Tokens.MAX_LENGTH
                    + " ASCII letters");
        }
        try (BtdCluster cluster = target.openExisting()) {
            InvertedIndex index = InvertedIndex.find(cluster)
                    .orElseThrow(() -> refused("no index there: " + target.where() + "; make one with btd demo index"));
            print(index.search(word));
            return ExitCode.OK;
        }
    }

    private void print(List<RawPath> hits) {
        if (hits.isEmpty()) {
            System.err.println("no file holds the word: word=" + word);
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (RawPath hit : hits) {
            lines.writeBytes(hit.bytes());
            lines.write('\n');
        }
        PrintStream out = Main.of(spec).out();
        out.write(lines.toByteArray(), 0, lines.size());
        out.flush();
    }

    private CommandLine.ParameterException refused(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
