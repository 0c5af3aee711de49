// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.btd.api.BtdConfig;
import io.btd.api.RemoteConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A node and a ZooKeeper in processes of their own, as `btd cluster up` starts them. `btd cluster down` is run by a
/// shell whose standard input ends with this process, so that they do not outlive it. Thread-safe.
final class BtdServer implements AutoCloseable {
    private static final String GUARD = "trap '' INT TERM HUP; read -r _; exec \"$@\"";
    private static final long PATIENCE_SECONDS = 60;

    private final Path folder;
    private final Process guard;
    private final ProcessHandle node;
    private final RemoteConfig config;

    private BtdServer(Path folder) throws IOException {
        this.folder = folder;
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "sh"));
        command.addAll(command("down"));
        this.guard = start("down", command);
        try {
            run("up", "--nodes", "1");
            Config status = ConfigFactory.parseString(run("status", "--json"));
            this.node = ProcessHandle.of(process(status, "node").getLong("pid"))
                    .orElseThrow(() -> new IOException("the node has ended; see its log"));
            this.config = BtdConfig.cluster(status.getString("zookeeper"));
        } catch (ConfigException unknown) {
            close();
            throw new IOException("status of the cluster not understood: reason=" + unknown.getMessage(), unknown);
        } catch (IOException notStarted) {
            close();
            throw notStarted;
        }
    }

    /// Starts them with everything in `folder`.
    ///
    /// @throws IOException when they do not start, with what the command said
    static BtdServer start(Path folder) throws IOException {
        return new BtdServer(folder);
    }

    private static Config process(Config status, String role) throws IOException {
        for (Config process : status.getConfigList("processes")) {
            if (process.getString("role").equals(role)) {
                return process;
            }
        }
        throw new IOException("no such process in the status of the cluster: role=" + role);
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.btd.cli.Main",
                "cluster"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--dir", folder.resolve("cluster").toString()));
        return command;
    }

    private Process start(String name, List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectOutput(said(name).toFile())
                .redirectError(complained(name).toFile())
                .start();
    }

    private Path said(String name) {
        return folder.resolve(name + ".out");
    }

    private Path complained(String name) {
        return folder.resolve(name + ".err");
    }

    /// Runs `btd cluster` in a process of its own.
    ///
    /// @return what it printed
    private String run(String... arguments) throws IOException {
        await(arguments[0], start(arguments[0], command(arguments)));
        return Files.readString(said(arguments[0]), StandardCharsets.UTF_8);
    }

    private void await(String name, Process process) throws IOException {
        try {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended || process.exitValue() != 0) {
                String how = ended ? "status=" + process.exitValue() : "no end within " + PATIENCE_SECONDS + " s";
                process.destroyForcibly();
                throw new IOException("btd cluster " + name + " failed: " + how + ", said="
                        + Files.readString(complained(name), StandardCharsets.UTF_8)
                                .strip());
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("btd cluster " + name + " interrupted", interrupted);
        }
    }

    /// How to connect.
    RemoteConfig config() {
        return config;
    }

    /// CPU time the node has used so far, in nanoseconds.
    long cpuNanos() {
        return node.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }

    /// Ends both.
    ///
    /// @throws IOException when they do not end
    @Override
    public void close() throws IOException {
        guard.getOutputStream().close();
        await("down", guard);
    }
}
