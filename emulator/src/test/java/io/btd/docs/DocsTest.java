// SPDX-License-Identifier: Apache-2.0
package io.btd.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.cli.Ramdisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs what the pages show; see `docs/README.md` for how they are written.
class DocsTest {
    private static final int README_LINES = 150;
    /// Lines are wrapped at 120; a word may hang over.
    private static final int COLUMNS = 130;

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
            assertThat(ChildJvm.endAllOf(folder.path()))
                    .as("%s: left running", page)
                    .isEmpty();
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
    void everyPageIsLinkedOrNamedInTheReadingOrder() throws IOException {
        List<Path> linked = Page.all().stream()
                .flatMap(page -> page.links().stream()
                        .map(link -> page.path().resolveSibling(link.replaceFirst("#.*", "")))
                        .map(Path::normalize))
                .toList();
        String order = String.join("\n", Page.read(Path.of("docs/README.md")).lines());
        assertThat(Page.all().stream()
                        .map(Page::path)
                        .filter(path -> !path.equals(Path.of("README.md")))
                        .filter(path -> !linked.contains(path))
                        .filter(path -> !order.contains("`" + Path.of("docs").relativize(path) + "`")))
                .as("pages that nothing leads to")
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyCommandRunsSomewhere(Page page) throws IOException {
        new ConsoleBlocks(page, Path.of("")).checkThatAllAreRun(Sources.read());
    }

    @Test
    void theQuickStartEndsWell() throws IOException, InterruptedException {
        try (Folder folder = new Folder()) {
            List<String> command = new ArrayList<>(ChildJvm.java());
            command.addAll(List.of("-cp", ChildJvm.classPath(), "io.btd.cli.Main", "quickstart"));
            ChildJvm.Result result = ChildJvm.run(folder.path(), command);
            assertThat(result.output()).endsWith("\nquickstart: ok\n");
            assertThat(result.code()).isZero();
            // The guide shows its steps, without the times.
            List<String> steps = result.output()
                    .lines()
                    .filter(line -> line.matches("[0-9]  .*"))
                    .map(line -> line.replaceFirst("  +[0-9.]+ (ms|s|us)$", ""))
                    .toList();
            assertThat(Page.read(Path.of("docs/guide/quickstart.md")).lines())
                    .as(result.output())
                    .map(line -> line.replaceFirst("  +[0-9.]+ (ms|s|us)$", ""))
                    .containsSubsequence(steps);
        }
    }

    /// A temporary folder, on the ramdisk where there is one.
    private record Folder(Path path) implements AutoCloseable {
        Folder() throws IOException {
            this(Ramdisk.makeFolder("btd-docs-"));
        }

        @Override
        public void close() throws IOException {
            ChildJvm.endAllOf(path);
            Ramdisk.removeFolder(path);
        }
    }
}
