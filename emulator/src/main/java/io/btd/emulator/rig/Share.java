// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A folder that the guest sees at the path it has here, and cannot change.
///
/// @param tag by which the guest asks for it
record Share(String tag, Path path) {

    /// What a program of the checkout needs: the checkout, the JDK and what its links lead to, Maven's repository.
    /// Outer ones come before those inside them.
    static List<Share> of(Path project, Path jdk, Path mavenRepository) throws IOException {
        List<Path> folders = new ArrayList<>(List.of(project, jdk));
        folders.addAll(behindLinks(jdk));
        if (Files.isDirectory(mavenRepository)) {
            folders.add(mavenRepository);
        }
        List<Path> sorted = folders.stream()
                .distinct()
                .sorted(Comparator.comparing(Path::getNameCount))
                .toList();
        List<Share> shares = new ArrayList<>();
        for (Path folder : sorted) {
            shares.add(new Share("share" + shares.size(), folder));
        }
        return shares;
    }

    /// Distributions keep the settings of a JDK in `/etc` and leave links to them.
    private static List<Path> behindLinks(Path jdk) throws IOException {
        Path settings = jdk.resolve("conf");
        if (!Files.isDirectory(settings)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(settings)) {
            List<Path> folders = new ArrayList<>();
            for (Path link :
                    all.filter(Files::isSymbolicLink).filter(Files::exists).toList()) {
                Path target = link.toRealPath();
                Path folder = Files.isDirectory(target)
                        ? target
                        : target.resolveSibling("").normalize();
                if (!folder.startsWith(jdk)) {
                    folders.add(folder);
                }
            }
            return folders;
        }
    }
}
