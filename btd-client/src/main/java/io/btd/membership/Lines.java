// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import io.btd.api.BtdException.InvalidConfig;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/// What an entry in ZooKeeper holds: lines `key=value` in UTF-8. Keys that nobody knows are passed over, so that
/// a later release can add some.
final class Lines {
    private static final int LONGEST = 64 << 10;

    private final String path;
    private final Map<String, String> values;

    private Lines(String path, Map<String, String> values) {
        this.path = path;
        this.values = values;
    }

    /// Takes an entry apart.
    ///
    /// @throws InvalidConfig for bytes that are no such lines
    static Lines parse(String path, byte[] bytes) {
        if (bytes.length > LONGEST) {
            throw malformed(path, "bytes=" + bytes.length);
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : text(path, bytes).split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            } else if (!line.isEmpty()) {
                throw malformed(path, "line=" + line);
            }
        }
        return new Lines(path, values);
    }

    /// An entry; values lose their line breaks, which no valid one has.
    static byte[] write(Map<String, ?> values) {
        StringBuilder text = new StringBuilder();
        values.forEach((key, value) -> text.append(key)
                .append('=')
                .append(String.valueOf(value).replace('\n', ' '))
                .append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String text(String path, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException noText) {
            throw malformed(path, "not UTF-8");
        }
    }

    /// A value; empty where there is none.
    String text(String key) {
        return values.getOrDefault(key, "");
    }

    /// A number of 0 or more; 0 where there is none.
    ///
    /// @throws InvalidConfig for anything else
    long number(String key) {
        String text = text(key);
        try {
            long number = text.isEmpty() ? 0 : Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // said below
        }
        throw malformed(path, key + "=" + text);
    }

    /// A uuid, which must be there.
    ///
    /// @throws InvalidConfig where it is not
    UUID uuid(String key) {
        try {
            return UUID.fromString(text(key));
        } catch (IllegalArgumentException noUuid) {
            throw malformed(path, key + "=" + text(key));
        }
    }

    static InvalidConfig malformed(String path, String what) {
        return new InvalidConfig(
                "malformed entry in ZooKeeper: path=" + path + ", " + what, "remove it, or use another namespace");
    }
}
