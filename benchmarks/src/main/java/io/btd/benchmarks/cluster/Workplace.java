// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.cluster;

import io.btd.cli.Ramdisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// A temporary folder, and the servers that work in it: closes the servers, the last one first, and removes the
/// folder, at the latest when this process is told to end. Thread-safe.
final class Workplace implements AutoCloseable {
    private final Path folder;
    private final Deque<AutoCloseable> servers = new ArrayDeque<>();
    private final Thread atExit = new Thread(this::clear, "workplace");

    private Workplace(Path folder) {
        this.folder = folder;
    }

    /// A new folder in `parent`, which is there.
    static Workplace in(Path parent) throws IOException {
        Workplace workplace = new Workplace(Files.createTempDirectory(parent, "btd-bench-"));
        Runtime.getRuntime().addShutdownHook(workplace.atExit);
        return workplace;
    }

    /// A new empty folder for one server.
    Path folder(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    /// Takes charge of what was just started.
    synchronized <T extends AutoCloseable> T keep(T server) {
        servers.push(server);
        return server;
    }

    @Override
    public void close() {
        clear();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private synchronized void clear() {
        while (!servers.isEmpty()) {
            try {
                servers.pop().close();
            } catch (Exception unwilling) {
                System.err.println("server did not end: reason=" + unwilling.getMessage());
            }
        }
        try {
            Ramdisk.removeFolder(folder);
        } catch (IOException unwilling) {
            System.err.println("folder not removed: folder=" + folder + ", reason=" + unwilling.getMessage());
        }
    }
}
