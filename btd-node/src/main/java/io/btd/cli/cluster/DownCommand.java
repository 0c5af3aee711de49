// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import io.btd.api.BtdException.NodeDown;
import io.btd.cli.ExitCode;
import io.btd.cli.config.ClusterFile;
import io.btd.cli.config.TimeSpan;
import io.btd.membership.server.FolderLock;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `btd cluster down`: ends every process of a cluster on this machine: the nodes, then ZooKeeper. Who does not end
/// when
/// asked to is killed after a deadline; its arena is recovered by the next up.
@Command(name = "down", description = "End every process of a cluster on this machine; its data stays in DIR.")
final class DownCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 5;
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "the cluster's folder")
    private Path dir;

    @Option(
            names = "--deadline",
            paramLabel = "D",
            defaultValue = "30s",
            description = "how long a process may take to end before it is killed; default: ${DEFAULT-VALUE}")
    private String deadline;

    @Spec
    private CommandSpec spec;

    /// A process that is to end.
    private record Ending(ClusterFolder.Place place, ProcessId process) {}

    @Override
    public Integer call() {
        Duration patience = TimeSpan.parse(deadline);
        ClusterFolder folder = ClusterFolder.of(dir);
        ClusterFile.read(folder.path());
        try (var _ = FolderLock.take(folder.path(), ClusterFolder.LOCK)) {
            List<ClusterFolder.Place> nodes = folder.nodes();
            int ended = end(nodes, patience);
            nodes.forEach(node -> SocketPath.of(node.folder()).remove());
            ended += end(List.of(folder.zooKeeper()), patience);
            say("down: ended=" + ended + ", dir=" + folder.path());
        }
        return ExitCode.OK;
    }

    private int end(List<ClusterFolder.Place> places, Duration patience) {
        List<Ending> endings = new ArrayList<>();
        for (ClusterFolder.Place place : places) {
            Optional<ProcessMark> mark = ProcessMark.read(place.folder()).filter(ProcessMark::isAlive);
            mark.ifPresent(alive -> endings.add(new Ending(place, alive.process())));
        }
        long since = System.nanoTime();
        endings.forEach(ending -> ending.process().terminate());
        for (Ending ending : endings) {
            if (waitFor(ending.process(), since, patience)) {
                say(ending, String.format(Locale.ROOT, "ended in %,d ms", millis(since)));
                continue;
            }
            ending.process().kill();
            if (!waitFor(ending.process(), System.nanoTime(), AFTER_KILL)) {
                throw new NodeDown(
                        0,
                        "a process does not end: process=" + ending.place().name() + ", pid="
                                + ending.process().pid(),
                        "see what it waits for");
            }
            say(ending, String.format(Locale.ROOT, "killed after %,d ms", millis(since)));
        }
        return endings.size();
    }

    private static boolean waitFor(ProcessId process, long since, Duration patience) {
        while (process.isAlive()) {
            if (System.nanoTime() - since > patience.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        }
        return true;
    }

    private static long millis(long since) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    }

    private void say(Ending ending, String what) {
        say(String.format(
                Locale.ROOT,
                "%-10s pid %-8d %s",
                ending.place().name(),
                ending.process().pid(),
                what));
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
