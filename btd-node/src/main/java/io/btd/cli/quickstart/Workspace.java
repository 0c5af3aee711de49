// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.quickstart;

import io.btd.cli.Ramdisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// A temporary folder for the arena and the files, on the ramdisk where there is one. Closing it ends the
/// processes started in it and deletes everything; so does the end of this process, Ctrl-C included.
final class Workspace implements AutoCloseable {
    private static final int ATTEMPTS = 100;

    private final Path folder;
    private final boolean onRamdisk;
    private final Set<Process> processes = new HashSet<>();
    private boolean gone;
    private final Thread hook = new Thread(this::clean, "quickstart-cleanup");

    private Workspace(Path folder, boolean onRamdisk) {
        this.folder = folder;
        this.onRamdisk = onRamdisk;
    }

    /// Makes one.
    static Workspace create() throws IOException {
        boolean onRamdisk = Ramdisk.folder().isPresent();
        Workspace workspace = new Workspace(Ramdisk.makeFolder("btd-quickstart-"), onRamdisk);
        Runtime.getRuntime().addShutdownHook(workspace.hook);
        return workspace;
    }

    /// Whether the folder is on a ramdisk.
    boolean isOnRamdisk() {
        return onRamdisk;
    }

    /// The arena's file.
    Path arena() {
        return folder.resolve("arena.btd");
    }

    /// The folder of the files to be indexed.
    Path files() {
        return folder.resolve("files");
    }

    /// Where a child's error messages go.
    Path errors() {
        return folder.resolve("child.err");
    }

    /// Ends this process, too, when the workspace goes; at once if it has gone.
    synchronized void own(Process process) {
        if (gone) {
            process.destroyForcibly();
        } else {
            processes.add(process);
        }
    }

    @Override
    public void close() {
        clean();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException goingDown) {
            // the hook runs, or has run: both clean
        }
    }

    private synchronized void clean() {
        gone = true;
        for (Process process : processes) {
            process.destroyForcibly();
            process.onExit().join();
        }
        String refusal = "none";
        for (int attempt = 0; attempt < ATTEMPTS && Files.exists(folder); attempt++) {
            try {
                Ramdisk.removeFolder(folder);
            } catch (IOException refused) {
                refusal = refused.toString(); // after Ctrl-C the story may still be writing here: try again
            }
        }
        if (Files.exists(folder)) {
            System.err.println("not cleaned up: folder=" + folder + ", reason=" + refusal + "; delete it by hand");
        }
    }
}
