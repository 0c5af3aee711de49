// SPDX-License-Identifier: Apache-2.0
package io.btd.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A page of the documentation, taken apart.
///
/// @param path where it is, from the root of the checkout
/// @param lines all its lines
/// @param blocks its fenced blocks, in order
record Page(Path path, List<String> lines, List<Block> blocks) {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

    /// A fenced block.
    ///
    /// @param language the word behind the fence
    /// @param first number of the block's first line, from 1
    /// @param lines what is between the fences
    record Block(String language, int first, List<String> lines) {}

    /// The root of the checkout.
    static Path root() {
        return Path.of(System.getProperty("btd.root", "..")).toAbsolutePath().normalize();
    }

    /// README.md and everything below docs.
    static List<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>();
        pages.add(read(Path.of("README.md")));
        try (Stream<Path> files = Files.walk(root().resolve("docs"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                pages.add(read(root().relativize(file)));
            }
        }
        return pages;
    }

    static Page read(Path path) throws IOException {
        List<String> lines = Files.readAllLines(root().resolve(path));
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("```")) {
                int end = i + 1;
                while (!lines.get(end).equals("```")) {
                    end++;
                }
                blocks.add(new Block(lines.get(i).substring(3), i + 2, lines.subList(i + 1, end)));
                i = end;
            }
        }
        return new Page(path, lines, blocks);
    }

    /// The blocks in a language.
    List<Block> blocks(String language) {
        return blocks.stream()
                .filter(block -> block.language().equals(language))
                .toList();
    }

    /// The lines outside of fenced blocks.
    List<String> prose() {
        List<String> prose = new ArrayList<>(lines);
        for (Block block : blocks) {
            for (int i = 0; i < block.lines().size(); i++) {
                prose.set(block.first() - 1 + i, "");
            }
        }
        return prose;
    }

    /// Where its links lead, as they are written.
    List<String> links() {
        return prose().stream()
                .flatMap(line -> LINK.matcher(line.replaceAll("`[^`]*`", "")).results())
                .map(link -> link.group(1))
                .toList();
    }

    /// The names of its headings, as links spell them.
    List<String> anchors() {
        Matcher noWord = Pattern.compile("[^a-z0-9 _-]").matcher("");
        return prose().stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(name -> noWord.reset(name).replaceAll("").replace(' ', '-'))
                .toList();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
