// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// The answer according to find and grep.
final class Grep {
    private static final String SCRIPT = "find . -type f -size -1048577c -print0"
            + " | xargs -0 -r grep -lZaiE \"(^|[^A-Za-z])$1([^A-Za-z]|\\$)\" --; true";

    private Grep() {}

    /// The files up to 1 MiB below `directory` that hold `word`, relative to it, sorted by bytes.
    static List<RawPath> search(Path directory, String word) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", SCRIPT, "sh", word).directory(directory.toFile());
        builder.environment().put("LC_ALL", "C");
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        byte[] output = process.getInputStream().readAllBytes();
        process.waitFor();
        List<RawPath> paths = new ArrayList<>();
        for (int from = 0, to = 0; to < output.length; to++) {
            if (output[to] == 0) {
                paths.add(RawPath.of(Arrays.copyOfRange(output, from + 2, to))); // without ./
                from = to + 1;
            }
        }
        Collections.sort(paths);
        return paths;
    }
}
