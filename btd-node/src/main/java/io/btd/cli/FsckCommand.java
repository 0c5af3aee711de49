// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.ClassCount;
import io.btd.cli.config.ByteSize;
import io.btd.gc.CheckReport;
import io.btd.gc.Checker;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `btd fsck`: checks an arena's file and changes nothing.
@Command(
        name = "fsck",
        description = {
            "Check an arena without changing it.",
            "On an arena that was not closed, does what recovery will do on a private copy, and judges that.",
            "Exit code 1 when something contradicts itself; leaks in a closed arena are reported, not judged."
        })
public final class FsckCommand implements Subcommand {

    @Parameters(index = "0", paramLabel = "FILE", description = "file of the arena")
    private Path file;

    @Option(names = "--json", description = "print JSON, sizes in bytes")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CheckReport report = Checker.check(file);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(fields(report)));
        } else {
            print(out, report);
        }
        out.flush();
        return report.sound() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void print(PrintWriter out, CheckReport report) {
        out.printf("arena       %s%n", OneLine.of(file.toString()));
        out.printf(
                "state       %s, opened %,d times%n",
                report.clean() ? "closed cleanly" : "not closed: the next open recovers it", report.generation());
        out.printf("reachable   %,d blocks, %s%n", report.liveBlocks(), ByteSize.roughly(report.liveBytes()));
        if (report.keptBytes() > 0) {
            out.printf(
                    "kept        %,d blocks, %s (other nodes may refer to them)%n",
                    report.kept().stream().mapToLong(ClassCount::blocks).sum(), ByteSize.roughly(report.keptBytes()));
        }
        out.printf(
                "unreachable %,d blocks, %s%s%n",
                report.unreachable().stream().mapToLong(ClassCount::blocks).sum(),
                ByteSize.roughly(report.unreachableBytes()),
                report.clean() ? "" : " (recovery gives them back)");
        if (report.replayed() > 0) {
            out.printf("redo        %,d records to apply%n", report.replayed());
        }
        report.problems().forEach(problem -> out.printf("problem     %s%n", OneLine.of(problem)));
        out.println(report.sound() ? "fsck: clean" : "fsck: PROBLEMS FOUND");
    }

    private Map<String, Object> fields(CheckReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("arena", file.toString());
        fields.put("closed", report.clean());
        fields.put("generation", report.generation());
        fields.put("replayed", report.replayed());
        fields.put("liveBlocks", report.liveBlocks());
        fields.put("liveBytes", report.liveBytes());
        fields.put("keptBytes", report.keptBytes());
        fields.put("unreachableBytes", report.unreachableBytes());
        fields.put("sound", report.sound());
        fields.put("problems", List.copyOf(report.problems()));
        return fields;
    }
}
