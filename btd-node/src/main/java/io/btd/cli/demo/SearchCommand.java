// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.cli.ExitCode;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `btd demo search`: prints the files that hold a word.
@Command(
        name = "search",
        description = "Print the indexed files that hold WORD, sorted by bytes, relative to their directory")
final class SearchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--arena", required = true, paramLabel = "FILE", description = "The arena with the index")
    private Path arena;

    @Parameters(paramLabel = "WORD", description = "2 to 32 ASCII letters, in either case")
    private String word;

    @Override
    public Integer call() {
        if (!Tokens.isToken(word)) {
            throw refused("not a word: word=" + word + "; use " + Tokens.MIN_LENGTH + " to " + Tokens.MAX_LENGTH
                    + " ASCII letters");
        }
        BtdConfig config = BtdConfig.embedded(arena, BtdConfig.DEFAULT_CAPACITY).withCreate(false);
        try (BtdCluster cluster = BtdCluster.open(config)) {
            InvertedIndex index = InvertedIndex.find(cluster)
                    .orElseThrow(() -> refused("no index in the arena: arena=" + arena
                            + "; make one with btd demo index --arena " + arena + " DIR"));
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
        System.out.write(lines.toByteArray(), 0, lines.size());
        System.out.flush();
    }

    private CommandLine.ParameterException refused(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
