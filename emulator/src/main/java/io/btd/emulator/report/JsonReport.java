// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import io.btd.emulator.report.Account.Act;
import io.btd.emulator.report.Account.Event;
import io.btd.emulator.report.Account.Stage;
import io.btd.emulator.report.Account.Word;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// An account as maps, lists and values: every event, none left out.
public final class JsonReport {
    private JsonReport() {}

    /// The fields of an account.
    public static Map<String, Object> of(Account account) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("promised", account.promised());
        fields.put("found", account.found());
        fields.put("stages", account.stages().stream().map(JsonReport::stage).toList());
        return fields;
    }

    private static Map<String, Object> stage(Stage stage) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("title", stage.title());
        fields.put("crash", stage.where());
        fields.put("operations", stage.acts().stream().map(JsonReport::act).toList());
        fields.put("words", stage.words().stream().map(JsonReport::word).toList());
        return fields;
    }

    private static Map<String, Object> act(Act act) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("step", act.title());
        fields.put("call", act.call());
        fields.put("acknowledged", act.acknowledged());
        fields.put("events", act.events().stream().map(JsonReport::event).toList());
        return fields;
    }

    private static Map<String, Object> event(Event event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", name(event.kind()));
        fields.put("thread", event.thread());
        if (event.kind() != Account.Kind.FENCE) {
            fields.put("from", event.from());
            fields.put("bytes", event.to() - event.from() + 8);
            fields.put("name", event.name());
        }
        if (!event.value().isEmpty()) {
            fields.put("value", event.value());
        }
        fields.put("by", event.by());
        return fields;
    }

    private static Map<String, Object> word(Word word) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("offset", word.offset());
        fields.put("name", word.name().toString());
        fields.put("fate", name(word.fate()));
        fields.put("writtenBack", word.writtenBack());
        fields.put("durable", word.durable());
        fields.put("stored", word.stored());
        fields.put("image", word.image());
        return fields;
    }

    private static String name(Enum<?> constant) {
        List<String> words = List.of(constant.name().toLowerCase(Locale.ROOT).split("_", -1));
        return String.join("-", words);
    }
}
