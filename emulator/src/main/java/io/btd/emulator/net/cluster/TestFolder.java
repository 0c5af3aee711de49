// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.cluster;

import io.btd.cli.Ramdisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// A folder of its own for a cluster under test, on the ramdisk where there is one. Closing removes it with everything
/// in it; so does the end of this process, by a signal too.
final class TestFolder implements AutoCloseable {
    private final Path path;
    private final Thread atExit;

    private TestFolder(Path path) {
        this.path = path;
        atExit = new Thread(this::removeAtExit, "folder-cleanup");
    }

    /// Makes one.
    static TestFolder make() {
        TestFolder folder = new TestFolder(makePath());
        Runtime.getRuntime().addShutdownHook(folder.atExit);
        return folder;
    }

    /// Makes a folder that somebody else removes.
    static Path makePath() {
        try {
            return Ramdisk.makeFolder("btd-faults-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary folder", e);
        }
    }

    Path path() {
        return path;
    }

    private void removeAtExit() {
        try {
            Ramdisk.removeFolder(path);
        } catch (IOException e) {
            System.err.println("not removed: folder=" + path + ", reason=" + e + "; delete it by hand");
        }
    }

    @Override
    public void close() {
        try {
            Ramdisk.removeFolder(path);
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove: folder=" + path, e);
        } catch (IllegalStateException goingDown) {
            // the hook finds nothing more to remove
        }
    }
}
