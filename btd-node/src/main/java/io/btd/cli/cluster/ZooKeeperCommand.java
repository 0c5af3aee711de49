// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import io.btd.cli.ExitCode;
import io.btd.cli.Subcommand;
import io.btd.membership.server.ZooKeeperServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `btd zookeeper`: a ZooKeeper server for development, in the foreground.
@Command(
        name = "zookeeper",
        description = {
            "Run a ZooKeeper server on loopback until SIGTERM or Ctrl-C.",
            "For development: production has an ensemble of its own."
        })
public final class ZooKeeperCommand implements Subcommand {

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "where it keeps its data and log")
    private Path dir;

    @Option(names = "--port", paramLabel = "N", defaultValue = "0", description = "0, the default: a free one")
    private int port;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        int wanted = Numbers.within("port", port, 0, 65_535);
        Path folder = Files.createDirectories(dir.toAbsolutePath().normalize());
        Logger log = ProcessLog.to(folder.resolve("zookeeper.log"));
        try (Foreground foreground = new Foreground();
                ZooKeeperServer server = ZooKeeperServer.start(folder, wanted)) {
            ProcessMark mark = ProcessMark.starting(ProcessId.own());
            mark.serving(0, 0, List.of(server.connectString())).write(folder);
            String ready = "zookeeper ready: connect=" + server.connectString() + ", pid="
                    + mark.process().pid() + ", dir=" + folder;
            log.log(Level.INFO, ready);
            PrintWriter out = spec.commandLine().getOut();
            out.println(ready);
            out.flush();
            foreground.await();
            log.log(Level.INFO, "ends");
        }
        return ExitCode.OK;
    }
}
