// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.ErrorCode;
import io.btd.api.Layout;
import io.btd.api.Roots;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The code against wire.md.
class WireFormatTest {
    private final WirePage page = new WirePage();

    @Test
    void recordsAreWrittenAsTheExamplesShow() {
        Map<String, byte[]> shown = page.examples();
        Map<String, byte[]> written = Examples.frames();
        assertThat(shown.keySet()).containsExactlyElementsOf(written.keySet());
        written.forEach((name, frame) ->
                assertThat(hex(frame)).as(name).isEqualTo(hex(Objects.requireNonNull(shown.get(name)))));
    }

    @Test
    void theExamplesAreReadAndWrittenAgain() {
        Map<String, byte[]> written = Examples.frames();
        page.examples().forEach((name, bytes) -> {
            Frame frame = Frame.decode(bytes);
            FrameHeader header = frame.header();
            byte[] again = Frame.encode(
                    new Message(header.type(), frame.body()),
                    header.flags(),
                    header.requestId(),
                    header.incarnation(),
                    header.acknowledged(),
                    header.deadlineMillis());
            assertThat(hex(again)).as(name).isEqualTo(hex(bytes));
            Frame expected = Frame.decode(Objects.requireNonNull(written.get(name)));
            assertThat(Same.as(expected, frame)).as(name).isTrue();
        });
    }

    /// What [WireFuzzTest] starts from.
    @Test
    void theCorpusHoldsTheExamples() throws IOException {
        for (Map.Entry<String, byte[]> example : page.examples().entrySet()) {
            String name = example.getKey().toLowerCase(Locale.ROOT).replace(' ', '-');
            String file = "WireFuzzTestInputs/payload/" + name;
            byte[] frame = example.getValue();
            byte[] input = Arrays.copyOfRange(frame, FrameHeader.BYTES - 1, frame.length - FrameHeader.TRAILER);
            input[0] = frame[5];
            try (InputStream corpus = WireFormatTest.class.getResourceAsStream(file)) {
                assertThat(corpus).as(file).isNotNull();
                assertThat(hex(corpus.readAllBytes())).as(file).isEqualTo(hex(input));
            }
        }
    }

    @Test
    void theTypesAreThoseOfTheTable() {
        List<List<String>> types = new ArrayList<>();
        for (MessageType type : MessageType.values()) {
            types.add(List.of(Integer.toString(type.code()), type.name()));
        }
        assertThat(page.table("types")).extracting(row -> row.subList(0, 2)).containsExactlyElementsOf(types);
    }

    @Test
    void requestsAreAnsweredByWhatTheTableSays() {
        for (List<String> row : page.table("types")) {
            MessageType type = MessageType.valueOf(row.get(1));
            if (type.code() >= MessageType.PING.code() && type != MessageType.FAILED) {
                assertThat(camel(ResponseForm.of(type))).as(row.get(1)).isEqualTo(row.get(3));
            }
        }
    }

    @Test
    void theFormsAreThoseOfTheTable() {
        List<String> forms =
                Arrays.stream(ResponseForm.values()).map(WireFormatTest::camel).toList();
        assertThat(column("forms", 0, 1)).containsExactlyElementsOf(forms);
    }

    @Test
    void theErrorsAreThoseOfTheTable() {
        List<String> codes = new ArrayList<>(column("errors", 0, 1));
        codes.addAll(column("errors", 3, 4));
        assertThat(codes).containsExactlyElementsOf(names(ErrorCode.values()));
        assertThat(column("faults", 0, 1)).containsExactlyElementsOf(names(PointerFault.values()));
        assertThat(column("faults", 0, 2)).containsExactlyElementsOf(names(ArenaFault.values()));
    }

    @Test
    void theLimitsAreThoseOfTheTable() {
        Map<String, Long> limits = new LinkedHashMap<>();
        page.table("limits").forEach(row -> limits.put(row.get(0), Long.parseLong(row.get(1))));
        assertThat(limits)
                .containsEntry("payload, in bytes", (long) FrameHeader.MAX_PAYLOAD)
                .containsEntry("pointers in a request", (long) Request.MAX_POINTERS)
                .containsEntry("ranges in READ and WRITE", (long) Request.MAX_RANGES)
                .containsEntry("requests in a BATCH", (long) Request.MAX_BATCH)
                .containsEntry("pointers in the element of a layout", Layout.MAX_SIZE / Long.BYTES)
                .containsEntry("text, in bytes", (long) PayloadWriter.MAX_TEXT)
                .containsEntry("text of an error, in bytes", (long) Errors.MAX_TEXT)
                .containsEntry("name of a root, in bytes", (long) Roots.MAX_NAME)
                .containsEntry("alignment, in bytes", (long) Alloc.MAX_ALIGNMENT);
    }

    /// The names in a column whose numbers stand in another; the numbers ascend, from 0 or from where the last column
    /// ended.
    private List<String> column(String table, int number, int name) {
        List<String> names = new ArrayList<>();
        int next = Integer.parseInt(page.table(table).getFirst().get(number));
        for (List<String> row : page.table(table)) {
            if (!row.get(name).isEmpty()) {
                assertThat(row.get(number)).isEqualTo(Integer.toString(next++));
                names.add(row.get(name));
            }
        }
        return names;
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }

    /// As wire.md writes it: ExportFirst; but FAILED, which is a frame's type too.
    private static String camel(ResponseForm form) {
        if (form == ResponseForm.FAILED) {
            return form.name();
        }
        StringBuilder camel = new StringBuilder();
        for (String word : form.name().split("_", -1)) {
            camel.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return camel.toString();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
