// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What docs/spec/wire.md says in a form that a test can hold the code against: tables and examples that a comment
/// before them names.
final class WirePage {
    private final List<String> lines;

    WirePage() {
        String root = System.getProperty("btd.root", "..");
        try {
            lines = Files.readAllLines(Path.of(root, "docs", "spec", "wire.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The cells of the table marked `<!-- checked: name -->`, row by row, without its heading.
    List<List<String>> table(String name) {
        int at = lines.indexOf("<!-- checked: " + name + " -->") + 3;
        if (at < 3) {
            throw new AssertionError("wire.md has no table " + name);
        }
        List<List<String>> rows = new ArrayList<>();
        for (; at < lines.size() && lines.get(at).startsWith("|"); at++) {
            String row = lines.get(at);
            List<String> cells = new ArrayList<>();
            for (String cell : row.substring(1, row.lastIndexOf('|')).split("\\|", -1)) {
                cells.add(cell.strip());
            }
            rows.add(cells);
        }
        return rows;
    }

    /// The frames of the blocks marked `<!-- example: name -->`, by name.
    Map<String, byte[]> examples() {
        Map<String, byte[]> examples = new LinkedHashMap<>();
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            if (line.startsWith("<!-- example: ")) {
                String name = line.substring("<!-- example: ".length(), line.indexOf(" -->"));
                examples.put(name, bytes(at + 2));
            }
        }
        return examples;
    }

    private byte[] bytes(int from) {
        StringBuilder hex = new StringBuilder();
        for (int at = from; !lines.get(at).equals("```"); at++) {
            hex.append(lines.get(at).split(" {2,}", 2)[0].replace(" ", ""));
        }
        return HexFormat.of().parseHex(hex);
    }
}
