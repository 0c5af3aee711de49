// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.RemoteConfig;
import io.btd.cli.ExitCode;
import io.btd.cli.Main;
import io.btd.cli.TargetOptions;
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
    private TargetOptions target;

    @Option(names = "--ack", description = "Print `indexed PATH` as soon as a file is durably indexed")
    private boolean ack;

    @Option(names = "--json", description = "Print the summary as JSON")
    private boolean json;

    @Parameters(paramLabel = "DIR", description = "The directory; always the same for one arena or cluster")
    private Path directory;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(directory)) {
            throw refused("not a directory: dir=" + directory + "; name a directory that exists");
        }
        RawPath real = RawPath.of(directory.toRealPath());
        boolean remote = target.config() instanceof RemoteConfig;
        try (BtdCluster cluster = target.open()) {
            IndexReport report = new IndexReport(Main.of(spec).out(), ack, json);
            if (!remote) {
                report.recovered(cluster.recovery());
            }
            // Blocks on all nodes in turn; in one process there is one node.
            InvertedIndex index = InvertedIndex.openOrCreate(remote ? cluster.spread() : cluster, real);
            if (!index.directory().equals(real)) {
                throw refused("there is an index of another directory: indexed=" + index.directory() + ", dir=" + real
                        + "; take another arena or cluster");
            }
            try (report) {
                report.finished(new IndexRun(index, directory, report).run());
            }
            return ExitCode.OK;
        } catch (BtdException.Full full) {
            throw new BtdException.Full(
                    "no room, what was indexed so far stays: " + target.where(),
                    full.largest(),
                    "index DIR into a new arena or cluster with a larger --capacity");
        }
    }

    private CommandLine.ParameterException refused(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
