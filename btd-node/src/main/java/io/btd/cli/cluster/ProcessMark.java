// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import io.btd.api.BtdException.InvalidConfig;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/// What the file `process` in a process's folder says of it. Written when it starts and when it is ready, and left
/// there: whether it still holds is seen by [ProcessId#isAlive].
///
/// @param process which
/// @param ready whether it serves
/// @param node its node id, 0 while there is none
/// @param incarnation of the node, 0 while it is not ready
/// @param endpoints where it listens, empty while it is not ready
record ProcessMark(ProcessId process, boolean ready, int node, long incarnation, List<String> endpoints) {
    private static final String NAME = "process";

    /// Copies the list.
    ProcessMark {
        endpoints = List.copyOf(endpoints);
    }

    /// Of a process that has just been started.
    static ProcessMark starting(ProcessId process) {
        return new ProcessMark(process, false, 0, 0, List.of());
    }

    /// The same, serving.
    ProcessMark serving(int id, long life, List<String> where) {
        return new ProcessMark(process, true, id, life, where);
    }

    /// Whether the process still runs.
    boolean isAlive() {
        return process.isAlive();
    }

    /// Writes it, whole or not at all.
    void write(Path folder) {
        String text = "pid=" + process.pid() + "\nstart=" + process.start() + "\nboot=" + process.boot() + "\nready="
                + ready + "\nnode=" + node + "\nincarnation=" + incarnation + "\nendpoints="
                + String.join("\t", endpoints).replace("\\", "\\\\").replace("\t", "\\t") + "\n";
        try {
            Path made = Files.createTempFile(folder, NAME, ".new");
            Files.writeString(made, text);
            Files.move(made, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException unwritable) {
            throw new InvalidConfig(
                    "cannot write: folder=" + folder + ", reason=" + unwritable, "give a folder that can be written");
        }
    }

    /// Reads that of `folder`; empty when there is none, or what there is makes no sense: then nothing is known
    /// to run there.
    static Optional<ProcessMark> read(Path folder) {
        try {
            Properties lines = new Properties();
            lines.load(new StringReader(Files.readString(folder.resolve(NAME))));
            ProcessId process =
                    new ProcessId(number(lines, "pid"), number(lines, "start"), lines.getProperty("boot", ""));
            return Optional.of(new ProcessMark(
                    process,
                    Boolean.parseBoolean(lines.getProperty("ready")),
                    Math.toIntExact(number(lines, "node")),
                    number(lines, "incarnation"),
                    Arrays.stream(lines.getProperty("endpoints", "").split("\t", -1))
                            .filter(text -> !text.isEmpty())
                            .toList()));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException | ArithmeticException malformed) {
            return Optional.empty();
        }
    }

    private static long number(Properties lines, String key) {
        return Long.parseLong(lines.getProperty(key, ""));
    }
}
