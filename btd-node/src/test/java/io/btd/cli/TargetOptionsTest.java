// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdConfig;
import io.btd.api.RemoteConfig;
import io.btd.cli.config.ClusterFile;
import io.btd.cli.config.ConfigSources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class TargetOptionsTest {
    private static final PrintStream NOWHERE = new PrintStream(new ByteArrayOutputStream());

    @TempDir
    private Path folder;

    /// A subcommand that only looks where the memory is.
    @Command(name = "look")
    private static final class Look {
        @Mixin
        private TargetOptions target;
    }

    private BtdConfig config(Map<String, String> variables, String... line) {
        Look look = new Look();
        CommandLine root = new Main(NOWHERE, NOWHERE, new ConfigSources(variables, folder)).commandLine();
        root.addSubcommand("look", look);
        String[] all = new String[line.length + 1];
        all[0] = "look";
        System.arraycopy(line, 0, all, 1, line.length);
        root.parseArgs(all);
        return look.target.config();
    }

    @Test
    void anArenaOrAClusterIsMeant() {
        assertThat(config(Map.of(), "--arena", "a")).isEqualTo(BtdConfig.embedded(Path.of("a"), 64L << 20));
        RemoteConfig remote = BtdConfig.cluster("h:1,i:2");
        assertThat(config(Map.of(), "--cluster", "h:1,i:2")).isEqualTo(remote);
        assertThat(config(Map.of(), "--cluster", "h:1,i:2", "--deadline", "250ms"))
                .isEqualTo(remote.withDeadline(Duration.ofMillis(250)));
        Map<String, String> variables = Map.of(
                "BTD_ZOOKEEPER", "h:1,i:2",
                "BTD_NAMESPACE", "mine",
                "BTD_DEADLINE", "1min",
                "BTD_SECRET", "sixteen characters",
                "BTD_TRANSPORT", "uds");
        assertThat(config(variables))
                .isEqualTo(new RemoteConfig(
                        "h:1,i:2", "mine", Duration.ofMinutes(1), java.util.Optional.of("sixteen characters"), "uds"));
        // What is said on the line counts, whatever is configured.
        assertThat(config(variables, "--arena", "a")).isEqualTo(BtdConfig.embedded(Path.of("a"), 64L << 20));
    }

    @Test
    void aFolderIsACluster() throws IOException {
        new ClusterFile(4711, "other", 3, 1 << 20).write(folder);
        assertThat(config(Map.of(), "--dir", folder.toString()))
                .isEqualTo(BtdConfig.cluster("127.0.0.1:4711").withNamespace("other"));
        ClusterFile.keepSecret(folder, "sixteen characters");
        assertThat(config(Map.of(), "--dir", folder.toString(), "--deadline=2s"))
                .isEqualTo(BtdConfig.cluster("127.0.0.1:4711")
                        .withNamespace("other")
                        .withDeadline(Duration.ofSeconds(2))
                        .withSecret("sixteen characters"));
        assertThat(Files.getPosixFilePermissions(ClusterFile.secretFile(folder)))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            stat --arena a --cluster h:1      | USAGE: --arena=FILE, --cluster=CONNECT are mutually exclusive
            --dir a stat --cluster h:1        | USAGE: --dir=DIR, --cluster=CONNECT are mutually exclusive
            malloc 1 --cluster h:1 --capacity 2MiB | USAGE: no arena is made here: option=--capacity
            stat --cluster nowhere            | INVALID_CONFIG: bad value: key=zookeeper, value=nowhere, from=--cluster
            stat --dir nowhere                | INVALID_CONFIG: no cluster here: dir=nowhere; make one with btd cluster up
            stat --cluster h:1 --deadline 10  | INVALID_CONFIG: bad value: key=deadline, value=10, from=--deadline; write 500ms
            stat --cluster h:1 --deadline 0ms | INVALID_CONFIG: bad value: key=deadline, value=0ms, from=--deadline; use 1 ms
            stat --set zookeeper=h:1 --set arena=a | INVALID_CONFIG: both an arena and a cluster are named: arena from --set
            stat --set secret=short --arena a | INVALID_CONFIG: bad value: key=secret, value=(hidden), from=--set
            stat --set namespace=a/b --arena a | INVALID_CONFIG: bad value: key=namespace, value=a/b, from=--set
            cluster                           | USAGE: no command; btd cluster --help lists them
            cluster up                        | USAGE: missing required option: '--dir=DIR'
            cluster up --dir D --nodes 65     | INVALID_CONFIG: value out of range: option=--nodes, value=65; use 1..64
            cluster status --dir nowhere      | INVALID_CONFIG: no cluster here: dir=
            cluster down --dir nowhere        | INVALID_CONFIG: no cluster here: dir=
            zookeeper --dir D --port 65536    | INVALID_CONFIG: value out of range: option=--port, value=65536
            """)
    void mistakesAreOneLine(String line, String message) {
        String[] words = line.replace(" D", " " + folder.resolve("made")).split(" ");
        CommandLineRun run = CommandLineRun.of(folder, words);
        assertThat(run.err()).startsWith("btd: " + message).hasLineCount(1);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aMalformedClusterFileIsRefused() throws IOException {
        for (String text :
                new String[] {"", "zookeeper-port=0\nnodes=1\ncapacity=1", "zookeeper-port=99999", "\\u12"}) {
            Files.writeString(folder.resolve("cluster.properties"), text);
            CommandLineRun run = CommandLineRun.of(folder, "stat", "--dir", folder.toString());
            assertThat(run.err()).startsWith("btd: INVALID_CONFIG: cannot read the cluster file: file=");
            assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
        }
    }

    @Test
    void aSecretIsNotShown() {
        CommandLineRun run = CommandLineRun.of(folder, "config", "--set", "secret=sixteen characters");
        assertThat(run.out()).contains("now (hidden)   (--set)").doesNotContain("sixteen");
    }

    @Test
    void aServerThatIsNotThereIsUnreachable() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        CommandLineRun run = CommandLineRun.of(
                folder,
                "node",
                "--zookeeper=127.0.0.1:" + free,
                "--set=deadline=200ms",
                "--dir",
                folder.resolve("node").toString());
        assertThat(run.err())
                .startsWith("btd: UNREACHABLE: ZooKeeper cannot be reached: servers=127.0.0.1:" + free)
                .hasLineCount(1);
        assertThat(run.code()).isEqualTo(ExitCode.UNREACHABLE);
    }
}
