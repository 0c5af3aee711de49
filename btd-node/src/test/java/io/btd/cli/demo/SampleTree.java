// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/// A directory with everything that makes trouble: hidden files, odd names, binary content, sizes and runs of
/// letters at their limits, links, a pipe.
final class SampleTree {
    static final String[] VOCABULARY = {
        "heap", "Heap", "HEAP", "page", "fence", "of", "x", "Superblock", "root", "node", "lane", "zz"
    };
    private static final String[] SEPARATORS = {" ", "\n", "\r\n", "_", "9", "\0", "\u00ff", "@", "[", "`", "{", "\t"};

    private SampleTree() {}

    static void create(Path root, Random random) throws IOException, InterruptedException {
        Files.createDirectories(root);
        write(root.resolve("empty"), "");
        write(root.resolve(".hidden/.file"), "hidden heap");
        write(root.resolve("crlf.txt"), "first\r\nHeap\r\nlast");
        write(root.resolve("runs"), "a".repeat(32) + " " + "b".repeat(33) + " c dd");
        write(root.resolve("binary"), "\0\1heap\0\u00e9page\u0080");
        write(
                root.resolve("utf8"),
                new String("grün fence".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        write(root.resolve("largest"), "x ".repeat((1 << 19) - 2) + "edge");
        write(root.resolve("too-large"), "x ".repeat((1 << 19) - 2) + " edge");
        write(root.resolve("-dash"), "node");
        write(root.resolve("with space/new\nline"), "node lane");
        write(root.resolve("quotes '\" \\ %41 $HOME *"), "root");
        write(root.resolve("a/b"), "sorted");
        write(root.resolve("a.b"), "sorted");
        write(root.resolve("a-b"), "sorted");
        Path undecodable = Path.of(URI.create(root.toUri() + "caf%E9-%FF"));
        write(undecodable, "sorted latin");
        Files.createSymbolicLink(root.resolve("link"), root.resolve("crlf.txt"));
        Files.createSymbolicLink(root.resolve("link-to-directory"), root.resolve("with space"));
        Files.createSymbolicLink(root.resolve("link-to-nothing"), Path.of("nowhere"));
        new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start().waitFor();
        for (int i = 0; i < 60; i++) {
            StringBuilder text = new StringBuilder();
            for (int words = random.nextInt(40); words > 0; words--) {
                text.append(VOCABULARY[random.nextInt(VOCABULARY.length)]);
                text.append(SEPARATORS[random.nextInt(SEPARATORS.length)]);
            }
            write(root.resolve("r" + i % 7 + "/" + Integer.toString(i, 3)), text.toString());
        }
    }

    /// Writes `text`, a character a byte.
    static void write(Path file, String text) throws IOException {
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
