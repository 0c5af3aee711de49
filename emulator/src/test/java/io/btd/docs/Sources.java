// SPDX-License-Identifier: Apache-2.0
package io.btd.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the checkout holds, by the names that pages use.
///
/// @param tests source text of each class below a `src/test`, by its simple name
/// @param commands names of the commands, those of the launcher included
record Sources(Map<String, String> tests, TreeSet<String> commands) {
    private static final Pattern COMMAND = Pattern.compile("@Command\\(\\s*name = \"([a-z-]+)\"");

    static Sources read() throws IOException {
        Map<String, String> tests = new TreeMap<>();
        TreeSet<String> commands = new TreeSet<>(List.of("test", "lint", "build", "clean", "java-home"));
        for (Path file : files()) {
            String text = Files.readString(file);
            String name = String.valueOf(file.getFileName()).replace(".java", "");
            if (file.toString().contains("/src/test/")) {
                tests.put(name, text);
            } else {
                Matcher command = COMMAND.matcher(text);
                while (command.find()) {
                    commands.add(command.group(1));
                }
            }
        }
        return new Sources(tests, commands);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> modules = Files.list(Page.root())) {
            List<Path> files = new ArrayList<>();
            for (Path module : modules.filter(path -> Files.exists(path.resolve("pom.xml")))
                    .toList()) {
                Path source = module.resolve("src");
                if (Files.isDirectory(source)) {
                    try (Stream<Path> all = Files.walk(source)) {
                        all.filter(path -> path.toString().endsWith(".java")).forEach(files::add);
                    }
                }
            }
            return files;
        }
    }

    /// Whether there is a test class `Name`, or a method of it: `Name.method`.
    boolean hasTest(String name) {
        String[] parts = name.split("\\.", 2);
        String text = tests.get(parts[0]);
        return text != null
                && (parts.length == 1
                        || Pattern.compile("\\bvoid " + Pattern.quote(parts[1]) + "\\(")
                                .matcher(text)
                                .find());
    }

    /// Whether `./btd name ...` is a command.
    boolean hasCommand(String line) {
        String[] words = line.split(" ", -1);
        return words.length >= 2 && words[0].equals("./btd") && commands.contains(words[1]);
    }
}
