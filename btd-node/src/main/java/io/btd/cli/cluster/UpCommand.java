// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import io.btd.api.BtdException.InvalidConfig;
import io.btd.cli.ExitCode;
import io.btd.cli.Main;
import io.btd.cli.config.ByteSize;
import io.btd.cli.config.ClusterFile;
import io.btd.cli.config.ConfigKey;
import io.btd.cli.config.Setting;
import io.btd.cli.config.Settings;
import io.btd.cli.config.TimeSpan;
import io.btd.membership.server.FolderLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `btd cluster up`: starts what is missing of a cluster on this machine. ZooKeeper comes first; new nodes one after
/// the
/// other, so that `node-1` gets the id 1; those that have an arena together, since recovering takes its time.
@Command(
        name = "up",
        description = {
            "Start what is missing of a cluster on this machine.",
            "The first time it is made. Everything is kept in DIR, and used again by the next up."
        })
final class UpCommand implements Callable<Integer> {
    private static final int DEFAULT_NODES = 3;
    private static final int MOST_NODES = 64;
    private static final long ZOOKEEPER_HEAP = 128L << 20;
    private static final long NODE_HEAP = 192L << 20;

    /// A node's heap grows with its arena: recovery and the directory of superblocks keep up to a byte per block.
    private static final int BYTES_PER_HEAP_BYTE = 8;

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "the cluster's folder")
    private Path dir;

    @Option(names = "--nodes", paramLabel = "N", description = "how many nodes there shall be; 3, or those there are")
    private @Nullable Integer nodes;

    @Option(names = "--capacity", paramLabel = "SIZE", description = "memory of each new node, as 64MiB")
    private @Nullable String capacity;

    @Option(names = "--secret-file", paramLabel = "F", description = "file with a secret for all members; kept in DIR")
    private @Nullable Path secretFile;

    @Option(
            names = "--deadline",
            paramLabel = "D",
            defaultValue = "60s",
            description = "how long a process may take to be ready; default: ${DEFAULT-VALUE}")
    private String deadline;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ClusterFolder folder = ClusterFolder.of(dir);
        try (var _ = FolderLock.take(folder.path(), ClusterFolder.LOCK)) {
            Settings settings = settings();
            ClusterFile file = plan(folder, settings);
            keepSecret(folder);
            file = startZooKeeper(folder, file);
            startNodes(folder, file, settings);
            PrintWriter out = spec.commandLine().getOut();
            out.println("up: zookeeper=" + file.zooKeeper() + ", nodes=" + file.nodes() + ", dir=" + folder.path());
            out.flush();
        }
        return ExitCode.OK;
    }

    private Settings settings() {
        Settings settings = Main.of(spec).settings();
        return capacity == null ? settings : settings.with(ConfigKey.CAPACITY, capacity, "--capacity");
    }

    private ClusterFile plan(ClusterFolder folder, Settings settings) {
        int wanted = nodes == null ? 0 : Numbers.within("nodes", nodes, 1, MOST_NODES);
        long memory = (Long) settings.get(ConfigKey.CAPACITY).orElseThrow().value();
        if (!ClusterFile.isIn(folder.path())) {
            String namespace = settings.get(ConfigKey.NAMESPACE).orElseThrow().text();
            return new ClusterFile(freePort(), namespace, wanted == 0 ? DEFAULT_NODES : wanted, memory);
        }
        ClusterFile there = ClusterFile.read(folder.path());
        int most = Math.max(Math.max(wanted, there.nodes()), folder.nodes().size());
        return new ClusterFile(there.port(), there.namespace(), most, capacity == null ? there.capacity() : memory);
    }

    private void keepSecret(ClusterFolder folder) throws IOException {
        if (secretFile == null) {
            return;
        }
        String secret = ClusterFile.readSecret(secretFile);
        Optional<String> there = ClusterFile.secret(folder.path());
        boolean other = !there.equals(Optional.of(secret));
        if (other && ClusterFile.isIn(folder.path())) {
            throw new InvalidConfig(
                    "the cluster has another secret, or none: file=" + ClusterFile.secretFile(folder.path()),
                    "run btd cluster down, change that file, and run up without --secret-file");
        }
        if (other) {
            ClusterFile.keepSecret(folder.path(), secret);
        }
    }

    private ClusterFile startZooKeeper(ClusterFolder folder, ClusterFile planned) throws IOException {
        ClusterFolder.Place place = folder.zooKeeper();
        Optional<ProcessMark> running = running(place);
        ClusterFile file = planned;
        if (running.isEmpty() && !isFree(file.port())) {
            refuseIfNodesRun(folder, file.port());
            file = new ClusterFile(freePort(), file.namespace(), file.nodes(), file.capacity());
        }
        file.write(folder.path());
        if (running.isPresent()) {
            already(place, running.get());
            return file;
        }
        List<String> words =
                List.of("zookeeper", "--dir", place.folder().toString(), "--port", Integer.toString(file.port()));
        report(start(place, Launch.withHeap(ZOOKEEPER_HEAP), words));
        return file;
    }

    /// The nodes that run know ZooKeeper by its old port.
    private static void refuseIfNodesRun(ClusterFolder folder, int port) {
        if (folder.nodes().stream().anyMatch(node -> running(node).isPresent())) {
            throw new InvalidConfig(
                    "ZooKeeper's port is taken by another program: port=" + port,
                    "end that program, or run btd cluster down and up for another port");
        }
    }

    private void startNodes(ClusterFolder folder, ClusterFile file, Settings settings) throws IOException {
        Launch launch = Launch.withHeap(NODE_HEAP + file.capacity() / BYTES_PER_HEAP_BYTE);
        List<Starting> recovering = new ArrayList<>();
        for (int number = 1; number <= file.nodes(); number++) {
            ClusterFolder.Place place = folder.node(number);
            Optional<ProcessMark> running = running(place);
            if (running.isPresent()) {
                already(place, running.get());
                continue;
            }
            boolean isNew = !Files.exists(place.folder().resolve("arena"));
            Starting starting = start(place, launch, words(folder, place, file, settings));
            if (isNew) {
                report(starting);
            } else {
                recovering.add(starting);
            }
        }
        recovering.forEach(this::report);
    }

    private static List<String> words(
            ClusterFolder folder, ClusterFolder.Place place, ClusterFile file, Settings settings) {
        List<String> words = new ArrayList<>(List.of(
                "node",
                "--dir",
                place.folder().toString(),
                "--zookeeper",
                file.zooKeeper(),
                "--namespace",
                file.namespace(),
                "--capacity",
                ByteSize.exactly(file.capacity())));
        if (Files.exists(ClusterFile.secretFile(folder.path()))) {
            words.addAll(List.of(
                    "--secret-file", ClusterFile.secretFile(folder.path()).toString()));
        }
        for (ConfigKey key : List.of(ConfigKey.DOMAIN, ConfigKey.ZERO_ON_FREE)) {
            Setting setting = settings.get(key).orElseThrow();
            if (!setting.source().equals(Setting.DEFAULT)) {
                words.addAll(List.of("--set", key.key() + "=" + setting.text()));
            }
        }
        return words;
    }

    private static Optional<ProcessMark> running(ClusterFolder.Place place) {
        return ProcessMark.read(place.folder()).filter(ProcessMark::isAlive);
    }

    private static Starting start(ClusterFolder.Place place, Launch launch, List<String> words) throws IOException {
        long since = System.nanoTime();
        return new Starting(place, launch.start(place, words), since);
    }

    private void already(ClusterFolder.Place place, ProcessMark mark) {
        line(place, mark, mark.ready() ? "runs already" : "runs already, not ready yet");
    }

    private void report(Starting starting) {
        Duration limit = TimeSpan.parse(deadline);
        ProcessMark mark = starting.await(limit, spec.commandLine().getErr());
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - starting.since());
        line(starting.place(), mark, String.format(Locale.ROOT, "ready in %,d ms", millis));
    }

    private void line(ClusterFolder.Place place, ProcessMark mark, String what) {
        PrintWriter out = spec.commandLine().getOut();
        String where = mark.endpoints().isEmpty() ? "-" : mark.endpoints().getFirst();
        out.printf(
                Locale.ROOT,
                "%-10s pid %-8d %-22s %s%n",
                place.name(),
                mark.process().pid(),
                where,
                what);
        out.flush();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new InvalidConfig("no port is free on loopback: reason=" + none, "end some programs");
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as ZooKeeper does: connections that linger do not matter
            socket.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
