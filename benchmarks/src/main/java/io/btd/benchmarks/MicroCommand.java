// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks;

import io.btd.cli.ExitCode;
import io.btd.cli.Subcommand;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `btd bench micro`: the JMH benchmarks of the gateway's hook and of malloc and free, as a table and, on
/// request, in JMH's own formats.
@Command(
        name = "micro",
        description = {
            "The gateway's hook, and malloc+free of 64 B (JMH, in processes of their own).",
            "About three minutes, --quick about one. Ratios count: see docs/benchmarks.md."
        })
public final class MicroCommand implements Subcommand {

    @Option(names = "--quick", description = "one short run of each, to see that it works")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "write the results as JMH's JSON, too")
    private @Nullable Path json;

    @Option(names = "--csv", paramLabel = "FILE", description = "write the results as JMH's CSV, too")
    private @Nullable Path csv;

    @Spec
    private CommandSpec spec;

    /// For picocli.
    public MicroCommand() {}

    @Override
    public Integer call() {
        try (PrintStream toJson = open(json);
                PrintStream toCsv = open(csv)) {
            PrintWriter err = spec.commandLine().getErr();
            Progress progress = new Progress(err);
            Collection<RunResult> results;
            try {
                results = new MicroRun(quick, progress).run();
            } catch (RunnerException failed) {
                err.print(progress.said());
                err.println("benchmark failed: reason=" + failed.getMessage() + "; what JMH said is above");
                err.flush();
                return ExitCode.FAILED;
            }
            ResultFormatFactory.getInstance(ResultFormatType.JSON, toJson).writeOut(results);
            ResultFormatFactory.getInstance(ResultFormatType.CSV, toCsv).writeOut(results);
            PrintWriter out = spec.commandLine().getOut();
            out.print(new BenchTable(results));
            out.flush();
            return ExitCode.OK;
        }
    }

    /// Opens a file before minutes are spent; without one, what is written goes nowhere.
    private PrintStream open(@Nullable Path file) {
        try {
            return new PrintStream(
                    file == null ? PrintStream.nullOutputStream() : Files.newOutputStream(file),
                    false,
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "file cannot be written: file=" + file + "; name one in a folder that is there");
        }
    }
}
