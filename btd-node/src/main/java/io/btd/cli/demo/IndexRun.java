// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One pass over a directory that makes an index say what is there. Files that are gone leave first, so that
/// a full arena can be helped by removing files; then what is new or has changed is indexed, in the order of
/// the paths. It may be killed at any instruction; running again goes on. It goes on by itself where a node of the
/// cluster dies and comes back.
public final class IndexRun {
    private static final Duration MOST_PATIENCE = Duration.ofMinutes(2);

    private final InvertedIndex index;
    private final Path directory;
    private final IndexObserver observer;
    private final Patience patience;
    private final byte[] buffer = new byte[FileTree.MAX_FILE + 1];

    /// The file that is being indexed, perhaps by a step that is begun anew.
    private @Nullable RawPath begun;

    private int indexed;
    private int unchanged;
    private int unreadable;
    private int freed;
    private long bytes;

    /// A run over `directory`, which is the index's own.
    public IndexRun(InvertedIndex index, Path directory, IndexObserver observer) {
        this.index = index;
        this.directory = directory;
        this.observer = observer;
        this.patience = new Patience(index::settle, observer, MOST_PATIENCE);
    }

    /// Does it.
    ///
    /// @throws IOException when the directory itself cannot be read
    /// @throws BtdException.Full when the arena has no room; what was indexed so far stays
    public IndexSummary run() throws IOException {
        long begin = System.nanoTime();
        FileTree.Listing listing = FileTree.list(directory);
        observer.started(listing.files().size());
        listing.unreadable().forEach(this::skip);
        Set<RawPath> present = new HashSet<>();
        listing.files().forEach(file -> present.add(file.path()));
        int removed = patience.with(() -> index.retainAll(present));
        freed += patience.with(index::purge);
        for (FileTree.Entry file : listing.files()) {
            removed += patience.with(() -> visit(file));
            observer.visited();
        }
        freed += patience.with(index::purge);
        long millis = (System.nanoTime() - begin) / 1_000_000;
        return new IndexSummary(listing.files().size(), indexed, unchanged, removed, unreadable, freed, bytes, millis);
    }

    private int visit(FileTree.Entry file) {
        if (index.isCurrent(file.path(), file.size(), file.modified())) {
            if (begun != null && begun.equals(file.path())) {
                indexed(file, file.size()); // a node died on the step's last words: it was indexed all the same
            } else {
                unchanged++;
            }
            return 0;
        }
        int length;
        try {
            length = FileTree.read(file.file(), buffer);
        } catch (IOException refused) {
            skip(file.path() + " (" + refused.getClass().getSimpleName() + ")");
            return index.remove(file.path()) ? 1 : 0;
        }
        if (length > FileTree.MAX_FILE) { // has grown since the directory was read
            return index.remove(file.path()) ? 1 : 0;
        }
        begun = file.path();
        add(file, Tokens.in(buffer, length));
        indexed(file, length);
        return 0;
    }

    private void indexed(FileTree.Entry file, long length) {
        begun = null;
        indexed++;
        bytes += length;
        observer.indexed(file.path());
    }

    private void add(FileTree.Entry file, Set<String> words) {
        try {
            index.add(file.path(), file.size(), file.modified(), words);
        } catch (BtdException.Full full) {
            int purged = index.purge();
            if (purged == 0) {
                throw full;
            }
            freed += purged;
            index.add(file.path(), file.size(), file.modified(), words);
        }
    }

    private void skip(String what) {
        unreadable++;
        observer.skipped(what);
    }
}
