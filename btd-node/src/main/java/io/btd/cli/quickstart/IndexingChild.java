// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.quickstart;

import io.btd.cli.demo.RawPath;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// `btd demo index --ack` in a process of its own, which says on its standard output which files are durably
/// indexed, and can be killed.
public final class IndexingChild implements AutoCloseable {
    private static final byte[] ACKNOWLEDGED = "indexed ".getBytes(StandardCharsets.US_ASCII);

    private final Process process;
    private final InputStream output;
    private final List<RawPath> acknowledged = new ArrayList<>();

    private IndexingChild(Process process) {
        this.process = process;
        this.output = new BufferedInputStream(process.getInputStream());
    }

    /// Starts indexing `directory`.
    ///
    /// @param errors the file for what the child has to complain about
    public static IndexingChild start(Path arena, Path directory, Path errors) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                "io.btd.cli.Main",
                "demo",
                "index",
                "--ack",
                "--capacity",
                "256MiB",
                "--arena",
                arena.toString(),
                directory.toString());
        builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        Process process = builder.start();
        process.getOutputStream().close();
        return new IndexingChild(process);
    }

    /// The process.
    public Process process() {
        return process;
    }

    /// Waits for the next acknowledgement.
    ///
    /// @return whether one came; not if the child has ended
    public boolean awaitAcknowledgement() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = output.read(); b >= 0; b = output.read()) {
            if (b != '\n') {
                line.write(b);
                continue;
            }
            byte[] bytes = line.toByteArray();
            if (Arrays.mismatch(bytes, ACKNOWLEDGED) == ACKNOWLEDGED.length) {
                acknowledged.add(RawPath.of(Arrays.copyOfRange(bytes, ACKNOWLEDGED.length, bytes.length)));
                return true;
            }
            line.reset();
        }
        return false; // what is in `line` was not finished, so it acknowledges nothing
    }

    /// Kills the child as `kill -9` does, and takes in what it has acknowledged until then.
    ///
    /// @return its exit status: 137 if the kill came in time
    public int kill() throws IOException, InterruptedException {
        process.toHandle().destroyForcibly(); // Process.destroyForcibly would close the pipe, with what is in it
        return await();
    }

    /// Waits for the child to end, and takes in its acknowledgements.
    ///
    /// @return its exit status
    public int await() throws IOException, InterruptedException {
        while (awaitAcknowledgement()) {
            // counted there
        }
        return process.waitFor();
    }

    /// The files acknowledged so far, in order.
    public List<RawPath> acknowledged() {
        return List.copyOf(acknowledged);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
