// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// Dumps of arenas that pin the format on media. `-Dbtd.golden=FOLDER` writes what is there now into a
/// folder; whoever changes the format on purpose copies it over the resource and raises the version.
public final class Golden {
    private static final int LINE = 32;

    private Golden() {}

    /// The bytes that are not zero, 32 in a line behind their offset.
    public static String dump(MemorySegment bytes) {
        StringBuilder text = new StringBuilder();
        byte[] line = new byte[LINE];
        for (long at = 0; at < bytes.byteSize(); at += LINE) {
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, line, 0, LINE);
            if (!java.util.Arrays.equals(line, new byte[LINE])) {
                text.append("%06x ".formatted(at))
                        .append(HexFormat.ofDelimiter(" ").formatHex(line))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /// What the resource `name` says.
    public static String expected(String name) throws IOException {
        try (InputStream in = Golden.class.getResourceAsStream(name)) {
            return in == null ? "no resource " + name : new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /// Writes a dump where `btd.golden` says, if it does.
    public static String written(String name, String dump) throws IOException {
        String folder = System.getProperty("btd.golden", "");
        if (!folder.isEmpty()) {
            Files.writeString(Path.of(folder, name), dump);
        }
        return dump;
    }
}
