// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.kill;

import io.btd.api.BtdCluster;
import io.btd.client.RemoteProvider;
import io.btd.gc.Recovery;
import io.btd.node.EmbeddedCluster;
import io.btd.pmem.ArenaFile;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/// How victims are started cheaply, since each dies but once: only the modules they need, packed into jars, so that a
/// first one,
/// which ends in order, can leave an archive of its loaded classes to all others. That takes two thirds off a start;
/// where
/// the JDK does not archive classes, starts take as long as they do.
final class VictimJvm {
    private static final List<Class<?>> NEEDED = List.of(
            Victim.class,
            BtdCluster.class,
            ArenaFile.class,
            Recovery.class,
            RemoteProvider.class,
            EmbeddedCluster.class);

    private final String classPath;
    private final Path archive;

    /// @param folder that takes the jars and the archive
    VictimJvm(Path folder) throws IOException {
        archive = folder.resolve("classes.jsa");
        List<String> jars = new ArrayList<>();
        for (Class<?> needed : NEEDED) {
            Path source = source(needed);
            Path jar = Files.isDirectory(source) ? folder.resolve(jars.size() + ".jar") : source;
            if (Files.isDirectory(source)) {
                pack(source, jar);
            }
            jars.add(jar.toString());
        }
        classPath = String.join(File.pathSeparator, jars);
    }

    private static Path source(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("class without a place: class=" + type, e);
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                packed.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, packed);
            }
        }
    }

    /// The command of the first.
    List<String> first(String... arguments) {
        return command("-XX:ArchiveClassesAtExit=" + archive, arguments);
    }

    /// The command of any other.
    List<String> next(String... arguments) {
        return command("-XX:SharedArchiveFile=" + archive, arguments);
    }

    private List<String> command(String sharing, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xlog:disable",
                "-XX:-UsePerfData", // a file that a killed process leaves behind
                "-Xmx64m",
                sharing,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                Victim.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
