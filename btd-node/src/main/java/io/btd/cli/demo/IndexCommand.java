// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.cli.ArenaOptions;
import io.btd.cli.ExitCode;
import io.btd.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `btd demo index`: makes the index say what is in a directory.
@Command(name = "index", description = "Index the files below DIR; kill it whenever you like and run it again")
final class IndexCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ArenaOptions arena;

    @Option(names = "--ack", description = "Print `indexed PATH` as soon as a file is durably indexed")
    private boolean ack;

    @Option(names = "--json", description = "Print the summary as JSON")
    private boolean json;

    @Parameters(paramLabel = "DIR", description = "The directory; always the same for one arena")
    private Path directory;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(directory)) {
            throw refused("not a directory: dir=" + directory + "; name a directory that exists");
        }
        RawPath real = RawPath.of(directory.toRealPath());
        try (BtdCluster cluster = arena.open()) {
            IndexReport report = new IndexReport(Main.of(spec).out(), ack, json);
            report.recovered(cluster.recovery());
            InvertedIndex index = InvertedIndex.openOrCreate(cluster.spread(), real);
            if (!index.directory().equals(real)) {
                throw refused("the arena indexes another directory: indexed=" + index.directory() + ", dir=" + real
                        + "; take another arena");
            }
            try (report) {
                report.finished(new IndexRun(index, directory, report).run());
            }
            return ExitCode.OK;
        } catch (BtdException.Full full) {
            throw new BtdException.Full(
                    "the arena is full, what was indexed so far stays: arena="
                            + arena.config().arena(),
                    full.largest(),
                    "index DIR into a new arena with a larger --capacity");
        }
    }

    private CommandLine.ParameterException refused(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
