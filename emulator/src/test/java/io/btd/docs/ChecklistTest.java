// SPDX-License-Identifier: Apache-2.0
package io.btd.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The checklist has every row, and what a row says it is shown by exists.
class ChecklistTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final List<Row> ROWS = new ArrayList<>();

    private record Row(String id, String worksWhen, String shownBy) {}

    @BeforeAll
    static void read() throws IOException {
        for (String line : Page.read(Path.of("docs/checklist.md")).lines()) {
            String[] cells = line.split(" \\| ?", -1);
            if (line.matches("\\| [A-Z][0-9]+ \\|.*")) {
                assertThat(cells).as(line).hasSizeGreaterThanOrEqualTo(3);
                ROWS.add(new Row(cells[0].substring(2), cells[1], cells[2]));
            }
        }
    }

    @Test
    void everyRowIsThereOnceAndInOrder() {
        List<String> ids = Stream.of(ids("B", 14), ids("N", 22), ids("L", 14), ids("M", 11))
                .flatMap(part -> part)
                .toList();
        assertThat(ROWS).extracting(Row::id).isEqualTo(ids);
        assertThat(ROWS).allSatisfy(row -> assertThat(row.worksWhen()).isNotBlank());
    }

    private static Stream<String> ids(String letter, int last) {
        return IntStream.rangeClosed(1, last).mapToObj(number -> letter + number);
    }

    @Test
    void whatShowsARowExists() throws IOException {
        Sources sources = Sources.read();
        for (Row row : ROWS) {
            Matcher names = CODE.matcher(row.shownBy());
            int found = 0;
            while (names.find()) {
                String name = names.group(1);
                assertThat(sources.hasTest(name) || sources.hasCommand(name))
                        .as("%s: neither a test nor a command: %s", row.id(), name)
                        .isTrue();
                found++;
            }
            assertThat(found > 0 || row.shownBy().startsWith("open"))
                    .as("%s names nothing: %s", row.id(), row.shownBy())
                    .isTrue();
        }
    }

    /// A checker that finds nothing is no checker.
    @Test
    void whatDoesNotExistIsNoticed() throws IOException {
        Sources sources = Sources.read();
        assertThat(sources.hasTest("ChecklistTest")).isTrue();
        assertThat(sources.hasTest("ChecklistTest.whatDoesNotExistIsNoticed")).isTrue();
        assertThat(sources.hasTest("ChecklistTest.absent")).isFalse();
        assertThat(sources.hasTest("AbsentTest")).isFalse();
        assertThat(sources.hasCommand("./btd fsck FILE")).isTrue();
        assertThat(sources.hasCommand("./btd absent")).isFalse();
    }
}
