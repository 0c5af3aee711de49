// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.quickstart;

import io.btd.cli.demo.RawPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The answer of a search, found by reading every file: what grep would say.
final class DirectScan {
    private DirectScan() {}

    /// The files below `folder` that hold `word`, relative to it, sorted by the bytes of their paths.
    static List<RawPath> search(Path folder, String word) throws IOException {
        Pattern pattern =
                Pattern.compile("(?<![A-Za-z])" + Pattern.quote(word) + "(?![A-Za-z])", Pattern.CASE_INSENSITIVE);
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> pattern.matcher(read(file)).find())
                    .map(file -> RawPath.of(folder.relativize(file).toString().getBytes(StandardCharsets.UTF_8)))
                    .sorted()
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
