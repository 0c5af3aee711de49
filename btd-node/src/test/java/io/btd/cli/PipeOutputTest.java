// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.btd.cli.config.ConfigSources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipeOutputTest {

    /// What a reader that has gone away leaves behind.
    private static final class NobodyReads extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
        }
    }

    @Test
    void theFirstWriteEndsTheCommandAndLaterOnesAreDropped() {
        PrintStream out = new PrintStream(new PipeOutput(new NobodyReads()), true, StandardCharsets.UTF_8);
        assertThatExceptionOfType(PipeOutput.Closed.class).isThrownBy(() -> out.println("a"));
        out.println("b");
    }

    @Test
    void aCommandEndsQuietly() {
        PrintStream out = new PrintStream(new PipeOutput(new NobodyReads()), false, StandardCharsets.UTF_8);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Main main = new Main(
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ConfigSources(Map.of(), Path.of("/nowhere")));
        assertThat(main.run("config")).isEqualTo(ExitCode.PIPE_CLOSED);
        assertThat(main.run("--help")).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
