// SPDX-License-Identifier: Apache-2.0
package io.btd.jcstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Runs jcstress in a process of its own; its forks are that one's children, and end with it. In the deep form only: it
/// takes minutes.
@EnabledIfSystemProperty(named = "btd.deep", matches = "true", disabledReason = "takes minutes: ./btd test --deep")
class JcstressTest {
    @TempDir
    Path folder;

    @Test
    void realThreadsSeeOnlyWhatTheyMay() throws Exception {
        String said = run("quick", "Racing|Writes|Copies", 0);
        assertThat(said)
                .contains("Failed tests: No matches", "Error tests: No matches")
                .doesNotContain(" 0 passed, 0 failed");
    }

    @Test
    void aLostUpdateIsFound() throws Exception {
        assertThat(run("sanity", "LostUpdateCanary", 1)).contains("Observed forbidden state");
    }

    private String run(String mode, String tests, int exitCode) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.openjdk.jcstress.Main"));
        command.addAll(
                List.of("-m", mode, "-t", tests, "-r", folder.resolve("report").toString()));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor()).as(Files.readString(output)).isEqualTo(exitCode);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(output);
    }
}
