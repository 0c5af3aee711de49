// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/// The layouts against the offsets that a C compiler gave, in `docs/spec/rdma.md`.
class StructuresTest {
    private static final String MARKER = "<!-- checked: structures -->";
    private static final int HEAD = 3;

    private static List<String> table() throws IOException {
        Path folder = Path.of(System.getProperty("btd.root", ".."));
        List<String> lines = Files.readAllLines(folder.resolve("docs/spec/rdma.md"));
        int from = lines.indexOf(MARKER) + HEAD;
        assertThat(from).as("the page has the marker").isGreaterThanOrEqualTo(HEAD);
        return lines.stream().skip(from).takeWhile(line -> line.startsWith("|")).toList();
    }

    @Test
    void areThoseOfTheSpecification() throws IOException {
        assertThat(Structures.all().stream().map(StructuresTest::row)).containsExactlyElementsOf(table());
    }

    @Test
    void theTableIsNotEmpty() throws IOException {
        assertThat(table()).hasSize(Structures.all().size()).allMatch(row -> row.startsWith("| `"));
    }

    private static String row(StructLayout structure) {
        StringJoiner fields = new StringJoiner(", ");
        long offset = 0;
        for (MemoryLayout member : structure.memberLayouts()) {
            if (!(member instanceof PaddingLayout)) {
                fields.add(member.name().orElseThrow() + " " + offset + ":" + member.byteSize() + order(member));
            }
            offset += member.byteSize();
        }
        String[] name = structure.name().orElseThrow().split(" ", 2);
        return "| `" + name[0] + "`" + (name.length > 1 ? " " + name[1] : "") + " | " + structure.byteSize() + " | "
                + fields + " |";
    }

    private static String order(MemoryLayout member) {
        return member instanceof ValueLayout value && value.order() == ByteOrder.BIG_ENDIAN ? " be" : "";
    }

    /// A structure may be as long as it is only because its last field is aligned.
    @Test
    void sizesAreMultiplesOfTheAlignment() {
        assertThat(Structures.all())
                .allSatisfy((GroupLayout structure) -> assertThat(structure.byteSize() % structure.byteAlignment())
                        .isZero());
    }
}
