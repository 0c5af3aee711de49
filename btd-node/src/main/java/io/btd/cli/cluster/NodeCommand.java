// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import io.btd.api.ArenaConfig;
import io.btd.api.RemoteConfig;
import io.btd.api.transport.Endpoint;
import io.btd.api.wire.Response;
import io.btd.cli.ExitCode;
import io.btd.cli.Main;
import io.btd.cli.Subcommand;
import io.btd.cli.config.ClusterFile;
import io.btd.cli.config.ConfigKey;
import io.btd.cli.config.Settings;
import io.btd.cli.config.TimeSpan;
import io.btd.membership.Host;
import io.btd.membership.Member;
import io.btd.membership.NodeRegistry;
import io.btd.membership.ZooKeeperRegistry;
import io.btd.membership.server.FolderLock;
import io.btd.node.Node;
import io.btd.node.NodeConfig;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `btd node`: one node of a cluster, in the foreground. The id of a new node is reserved before its arena is made, so
/// that a crash in between neither loses an id nor makes an arena with one that is somebody else's.
@Command(
        name = "node",
        description = {
            "Run a node of a cluster until SIGTERM or Ctrl-C.",
            "Its arena is made in DIR when there is none."
        })
public final class NodeCommand implements Subcommand {
    private static final String ARENA = "arena";

    @Option(names = "--dir", paramLabel = "DIR", required = true, description = "the node's folder: arena, log, socket")
    private Path dir;

    @Option(
            names = {"--zookeeper", "--cluster"},
            paramLabel = "CONNECT",
            description = "ZooKeeper of the cluster: host:port,...")
    private @Nullable String zooKeeper;

    @Option(names = "--namespace", paramLabel = "N", description = "of the cluster below ZooKeeper's root")
    private @Nullable String namespace;

    @Option(names = "--capacity", paramLabel = "SIZE", description = "memory of a new arena, as 64MiB")
    private @Nullable String capacity;

    @Option(
            names = "--listen",
            paramLabel = "ENDPOINT",
            description =
                    "tcp:HOST:PORT or uds:PATH, any number; by default a free port on loopback, and a socket in DIR")
    private List<String> listen = List.of();

    @Option(names = "--secret-file", paramLabel = "F", description = "file with what all members share")
    private @Nullable Path secretFile;

    @Option(names = "--allow-unauthenticated", description = "listen off loopback without a secret")
    private boolean open;

    @Option(names = "--lease", paramLabel = "D", description = "a client is given up after so long, as 10s")
    private @Nullable String lease;

    @Spec
    private CommandSpec spec;

    /// Takes the announcement back.
    private interface Withdrawal extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public Integer call() throws IOException {
        Settings settings = settings();
        RemoteConfig remote = settings.remote();
        Path folder = Files.createDirectories(dir.toAbsolutePath().normalize());
        try (Foreground foreground = new Foreground();
                var _ = FolderLock.take(folder, "lock")) {
            Logger log = ProcessLog.to(folder.resolve("node.log"));
            ProcessMark mark = ProcessMark.starting(ProcessId.own());
            mark.write(folder);
            SocketPath socket = SocketPath.of(folder);
            try (ZooKeeperRegistry registry = ZooKeeperRegistry.connect(remote)) {
                NodeConfig config = config(settings, remote, arena(settings, registry, folder), socket);
                // Closed in reverse order: nobody shall come any more while the node serves the rest.
                try (Node node = Node.start(config, registry::connected);
                        Withdrawal _ = registry::close) {
                    join(registry, node, folder);
                    String ready = ready(mark, node, folder);
                    log.log(Level.INFO, ready);
                    spec.commandLine().getOut().println(ready);
                    spec.commandLine().getOut().flush();
                    foreground.await();
                    log.log(Level.INFO, "ends");
                }
            } catch (RuntimeException failed) {
                log.log(Level.ERROR, "cannot go on", failed);
                throw failed;
            } finally {
                socket.remove();
            }
        }
        return ExitCode.OK;
    }

    private Settings settings() {
        Settings settings = Main.of(spec).settings();
        settings = zooKeeper == null ? settings : settings.with(ConfigKey.ZOOKEEPER, zooKeeper, "--zookeeper");
        settings = namespace == null ? settings : settings.with(ConfigKey.NAMESPACE, namespace, "--namespace");
        settings = capacity == null ? settings : settings.with(ConfigKey.CAPACITY, capacity, "--capacity");
        return secretFile == null
                ? settings
                : settings.with(ConfigKey.SECRET, ClusterFile.readSecret(secretFile), "--secret-file");
    }

    private static ArenaConfig arena(Settings settings, NodeRegistry registry, Path folder) {
        Path file = folder.resolve(ARENA);
        ArenaConfig arena =
                settings.with(ConfigKey.ARENA, file.toString(), "--dir").embedded();
        return Files.exists(file)
                ? arena.withCreate(false)
                : arena.withIds(registry.reserveId(folder), arena.arenaId()).withCreate(true);
    }

    private NodeConfig config(Settings settings, RemoteConfig remote, ArenaConfig arena, SocketPath socket) {
        List<Endpoint> endpoints = listen.stream().map(Endpoint::parse).toList();
        if (endpoints.isEmpty()) {
            socket.prepare();
            endpoints = List.of(
                    new Endpoint("tcp", "127.0.0.1:0"),
                    new Endpoint("uds", socket.socket().toString()));
        }
        NodeConfig usual = NodeConfig.of(arena, endpoints);
        return new NodeConfig(
                arena,
                endpoints,
                remote.namespace(),
                lease == null ? usual.lease() : TimeSpan.parse(lease),
                settings.get(ConfigKey.SECRET).map(secret -> (String) secret.value()),
                open,
                usual.maxSessions(),
                usual.window(),
                usual.grace());
    }

    private static void join(NodeRegistry registry, Node node, Path folder) {
        registry.claimId(node.id(), node.arenaUuid(), folder);
        Response.Load load = node.load();
        registry.announce(new Member(
                node.id(),
                node.arenaUuid(),
                Host.here(),
                ProcessHandle.current().pid(),
                node.endpoints(),
                node.incarnation(),
                load.capacity(),
                load.available(),
                true));
    }

    private static String ready(ProcessMark mark, Node node, Path folder) {
        List<String> endpoints =
                node.endpoints().stream().map(Endpoint::toString).toList();
        mark.serving(node.id(), node.incarnation(), endpoints).write(folder);
        return "node " + node.id() + " ready: endpoints=" + String.join(" ", endpoints) + ", incarnation="
                + node.incarnation() + ", pid=" + mark.process().pid() + ", dir=" + folder;
    }
}
