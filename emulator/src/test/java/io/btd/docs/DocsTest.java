// SPDX-License-Identifier: Apache-2.0
package io.btd.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs what the pages show; see `docs/README.md` for how they are written.
class DocsTest {
    private static final int README_LINES = 150;
    private static final int COLUMNS = 120;

    static List<Page> pages() throws IOException {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void samplesCompileAndPrintWhatTheySay(Page page) throws IOException, InterruptedException {
        if (!page.blocks("java").isEmpty()) {
            try (Folder folder = new Folder()) {
                new JavaBlocks(page, folder.path()).check();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void commandsPrintWhatIsShown(Page page) throws IOException, InterruptedException {
        try (Folder folder = new Folder()) {
            new ConsoleBlocks(page, folder.path()).check();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(Page page) throws IOException {
        for (String link : page.links()) {
            if (link.startsWith("https://")) {
                continue;
            }
            String[] parts = link.split("#", 2);
            Path target =
                    Page.root().resolve(page.path()).resolveSibling(parts[0]).normalize();
            Path there = parts[0].isEmpty() ? Page.root().resolve(page.path()) : target;
            assertThat(there).as("%s: %s", page, link).exists();
            if (parts.length == 2) {
                assertThat(Page.read(Page.root().relativize(there)).anchors())
                        .as("%s: %s", page, link)
                        .contains(parts[1]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linesFitOnAScreen(Page page) {
        assertThat(page.lines().stream()
                        .filter(line -> line.codePointCount(0, line.length()) > COLUMNS)
                        .filter(line -> !line.startsWith("|") && !line.contains("](") && !line.contains("://")))
                .as("%s: longer than %d columns", page, COLUMNS)
                .isEmpty();
    }

    @Test
    void theReadmeIsShortAndBeginsWithWhatMatters() throws IOException {
        Page readme = Page.read(Path.of("README.md"));
        assertThat(readme.lines()).hasSizeLessThanOrEqualTo(README_LINES);
        assertThat(String.join("\n", readme.lines().subList(0, 30)))
                .contains("./btd quickstart", "./btd test", "cluster.malloc(100)", "cluster.free(p)");
    }

    @Test
    void everyPageIsReachedFromTheFirst() throws IOException {
        List<Path> linked = Page.all().stream()
                .flatMap(page -> page.links().stream()
                        .map(link -> page.path().resolveSibling(link.replaceFirst("#.*", "")))
                        .map(Path::normalize))
                .toList();
        assertThat(Page.all().stream()
                        .map(Page::path)
                        .filter(path -> !path.equals(Path.of("README.md")) && !linked.contains(path)))
                .as("pages that nothing links to")
                .isEmpty();
    }

    @Test
    void commandsThatAreNotRunHereAreRunElsewhere() throws IOException {
        Sources sources = Sources.read();
        ConsoleBlocks.RUN_ELSEWHERE.forEach(
                (command, test) -> assertThat(sources.hasTest(test)).as(command).isTrue());
    }

    /// A temporary folder, on the ramdisk where there is one.
    private record Folder(Path path) implements AutoCloseable {
        Folder() throws IOException {
            this(make());
        }

        private static Path make() throws IOException {
            Path ramdisk = Path.of("/dev/shm");
            return Files.isWritable(ramdisk)
                    ? Files.createTempDirectory(ramdisk, "btd-docs-")
                    : Files.createTempDirectory("btd-docs-");
        }

        @Override
        public void close() throws IOException {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
