// SPDX-License-Identifier: Apache-2.0
package io.btd.gc;

import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.ArenaUnusable;
import io.btd.heap.LayoutTable;
import io.btd.heap.RunTable;
import io.btd.pages.PageAllocator;
import io.btd.pages.PageBits;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The runs of an arena, found by walking the page bits and the heads they cover; checks that both agree.
/// Not thread-safe.
final class RunIndex {

    /// A superblock or large object.
    static final class Run {
        final long page;
        final long base;
        final long head;
        final int number;
        /// Blocks reached; 0 or 1 for a large object.
        long marked;

        private Run(long page, long base, long head, int number) {
            this.page = page;
            this.base = base;
            this.head = head;
            this.number = number;
        }

        boolean isSuperblock() {
            return RunTable.state(head) == RunTable.SUPERBLOCK;
        }

        /// Whether nothing reaches the run and this node may give it back.
        boolean unreached() {
            return marked == 0 && !exported();
        }

        boolean exported() {
            return RunTable.exported(head);
        }

        int sizeClass() {
            return RunTable.sizeClass(head);
        }

        long pages() {
            return RunTable.pages(head);
        }
    }

    private final ArenaFile arena;
    private final Geometry geometry;
    private final RunTable table;
    private final PageBits bits;
    private final List<Run> runs = new ArrayList<>();
    private final int[] @Nullable [] numberOfPage;

    /// Walks the arena.
    ///
    /// @throws ArenaUnusable when bits and heads contradict each other, or the medium is full
    RunIndex(ArenaFile arena, LayoutTable layouts) {
        this.arena = arena;
        this.geometry = arena.geometry();
        this.table = new RunTable(arena);
        this.bits = new PageBits(arena);
        this.numberOfPage = new int[geometry.children()][];
        table.walk(bits, layouts, new RunTable.Visitor() {
            @Override
            public void child(int child) {
                reserve(child);
            }

            @Override
            public void run(long page, long head) {
                add(new Run(page, geometry.pageOffset(page), head, runs.size() + 1));
            }
        });
    }

    /// The numbers of a child's pages; its metadata is reserved when they are first asked for.
    private int[] reserve(int child) {
        int[] numbers = numberOfPage[child];
        if (numbers == null) {
            if (!PageAllocator.reserveMetadata(arena, child)) {
                throw new ArenaUnusable(
                        ArenaFault.MEDIUM_FULL,
                        "the medium is full: path=" + arena.medium().name(),
                        "make room; recovery needs some for metadata");
            }
            numbers = new int[Geometry.CHILD_PAGES];
            numberOfPage[child] = numbers;
        }
        return numbers;
    }

    private void add(Run run) {
        runs.add(run);
        for (long covered = run.page; covered < run.page + run.pages(); covered++) {
            reserve((int) (covered / Geometry.CHILD_PAGES))[(int) (covered % Geometry.CHILD_PAGES)] = run.number;
        }
    }

    /// Every run, in the order of addresses.
    List<Run> runs() {
        return runs;
    }

    /// The run that contains an offset in the data, or null.
    @Nullable
    Run at(long offset) {
        return ofPage(geometry.pageOf(offset));
    }

    /// The run that contains a page, or null.
    @Nullable
    Run ofPage(long page) {
        int[] numbers = numberOfPage[(int) (page / Geometry.CHILD_PAGES)];
        int number = numbers == null ? 0 : numbers[(int) (page % Geometry.CHILD_PAGES)];
        return number == 0 ? null : runs.get(number - 1);
    }

    /// Pages in use that belong to no run.
    long strayPages() {
        long used = 0;
        for (int word = 0; word < bits.words(); word++) {
            used += Long.bitCount(bits.word(word));
        }
        return used - runs.stream().mapToLong(Run::pages).sum();
    }

    /// Usable bytes of a block in a run.
    long blockBytes(Run run) {
        return RunTable.blockBytes(run.head, geometry);
    }

    PageBits bits() {
        return bits;
    }

    RunTable table() {
        return table;
    }
}
