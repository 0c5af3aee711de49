// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// A program that starts a process, says which, and then waits to be killed.
final class OrphanMaker {
    private OrphanMaker() {}

    /// Starts it.
    ///
    /// @param arguments a folder for the child
    public static void main(String[] arguments) throws InterruptedException {
        Path folder = Path.of(arguments[0]);
        ChildProcess child = ChildProcess.start(
                List.of("sh", "-c", "echo ready; exec sleep 1000"),
                folder.resolve("output"),
                Pattern.compile("ready\n"),
                Duration.ofSeconds(30),
                new Watchdog(folder));
        System.out.println("child=" + child.pid());
        Thread.currentThread().join();
    }
}
