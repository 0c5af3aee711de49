// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.config;

import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.RemoteConfig;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;

/// What `btd cluster up` keeps in `DIR/cluster.properties`, and `--dir DIR` finds the cluster by.
///
/// @param port of ZooKeeper on loopback
/// @param namespace of the cluster there
/// @param nodes how many there are
/// @param capacity of a new node in bytes
public record ClusterFile(int port, String namespace, int nodes, long capacity) {
    private static final String NAME = "cluster.properties";
    private static final String SECRET = "secret";
    private static final int MAX_PORT = 65_535;

    /// Whether there is one in `folder`.
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(NAME));
    }

    /// Reads that of `folder`.
    ///
    /// @throws InvalidConfig when there is none, or it is malformed
    public static ClusterFile read(Path folder) {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            throw new InvalidConfig("no cluster here: dir=" + folder, "make one with btd cluster up --dir " + folder);
        }
        try {
            Properties lines = new Properties();
            lines.load(new StringReader(Files.readString(file)));
            int port = Math.toIntExact(number(lines, "zookeeper-port", MAX_PORT));
            int nodes = Math.toIntExact(number(lines, "nodes", Integer.MAX_VALUE));
            return new ClusterFile(
                    port, lines.getProperty("namespace", ""), nodes, number(lines, "capacity", Long.MAX_VALUE));
        } catch (IOException | IllegalArgumentException malformed) {
            throw new InvalidConfig(
                    "cannot read the cluster file: file=" + file + ", reason=" + malformed.getMessage(),
                    "restore it: zookeeper-port, namespace, nodes, capacity");
        }
    }

    private static long number(Properties lines, String key, long max) {
        String text = lines.getProperty(key, "");
        long number;
        try {
            number = Long.parseLong(text);
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException(key + "=" + text, noNumber);
        }
        if (number < 1 || number > max) {
            throw new IllegalArgumentException(key + "=" + text);
        }
        return number;
    }

    /// Writes it, whole or not at all.
    public void write(Path folder) throws IOException {
        Path made = folder.resolve(NAME + ".new");
        Files.writeString(
                made,
                "zookeeper-port=" + port + "\nnamespace=" + namespace + "\nnodes=" + nodes + "\ncapacity=" + capacity
                        + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(made, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    }

    /// What clients connect to.
    public String zooKeeper() {
        return "127.0.0.1:" + port;
    }

    /// What it takes to connect; deadline and transport are those of `settings`.
    ///
    /// @throws InvalidConfig when the file holds a namespace or secret that cannot be
    public RemoteConfig remote(Path folder, Settings settings) {
        RemoteConfig remote = settings.with(ConfigKey.ZOOKEEPER, zooKeeper(), NAME)
                .with(ConfigKey.NAMESPACE, namespace, NAME)
                .remote();
        return secret(folder).map(remote::withSecret).orElse(remote);
    }

    /// Where the cluster's secret is, whether it has one or not.
    public static Path secretFile(Path folder) {
        return folder.resolve(SECRET);
    }

    /// The cluster's secret, if it has one.
    ///
    /// @throws InvalidConfig when it cannot be read
    public static Optional<String> secret(Path folder) {
        Path file = secretFile(folder);
        return Files.exists(file) ? Optional.of(readSecret(file)) : Optional.empty();
    }

    /// The text of a file with a secret, without white space around it.
    ///
    /// @throws InvalidConfig when it cannot be read, or is no secret
    public static String readSecret(Path file) {
        try {
            String secret = Files.readString(file).strip();
            ConfigKey.SECRET.parse(secret);
            return secret;
        } catch (IOException unreadable) {
            throw new InvalidConfig("cannot read the secret: file=" + file, "give a file that can be read");
        }
    }

    /// Keeps the cluster's secret, for the owner's eyes only.
    public static void keepSecret(Path folder, String secret) throws IOException {
        Path file = secretFile(folder);
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, secret + "\n");
    }
}
