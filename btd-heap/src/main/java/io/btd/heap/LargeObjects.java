// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ScanKind;
import io.btd.pages.PageAllocator;
import io.btd.pmem.ArenaFile;
import io.btd.pmem.Geometry;
import io.btd.pmem.Interleaving;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// Blocks larger than any size class: a run of pages each. Which there are is persistent in the
/// [RunTable]; the map here is *rebuilt* from it. Thread-safe.
final class LargeObjects {
    private final Geometry geometry;
    private final PageAllocator pages;
    private final RunTable runs;
    private final ConcurrentNavigableMap<Long, LargeObject> byBase = new ConcurrentSkipListMap<>();

    LargeObjects(ArenaFile arena, PageAllocator pages, RunTable runs) {
        this.geometry = arena.geometry();
        this.pages = pages;
        this.runs = runs;
    }

    /// Takes up a large object that the arena has.
    void adopt(long page, long head) {
        adopt(page, head, Superblock.LIVE);
    }

    /// Takes up a large object of which it is not decided yet whether it lives.
    void holdBack(long page, long head, boolean reached) {
        adopt(page, head, reached ? Superblock.LIVE : Superblock.UNDECIDED).setHeldBack(true);
    }

    private LargeObject adopt(long page, long head, int state) {
        long base = geometry.pageOffset(page);
        LargeObject object = new LargeObject(base, page, head, state);
        byBase.put(base, object);
        return object;
    }

    /// Allocates; null when there is no room. The run is durable on return, the content is not.
    @Nullable
    LargeObject allocate(long size, ScanKind kind, int layout, int alignment, int flags) {
        long count = geometry.pagesFor(size);
        long page = pages.allocate(count, alignmentInPages(alignment));
        if (page < 0) {
            return null;
        }
        long head = RunTable.pack(RunTable.LARGE, kind, 0, layout, count);
        long base = geometry.pageOffset(page);
        LargeObject object = new LargeObject(base, page, head, Superblock.LIVE | flags);
        Interleaving.point();
        byBase.put(base, object);
        runs.publish(page, head);
        return object;
    }

    private int alignmentInPages(int alignment) {
        return Math.max(1, alignment >>> geometry.pageShift());
    }

    /// The largest size that could be allocated now at this alignment, in bytes, 0 for none.
    long largest(int alignment) {
        return pages.longestRun(alignmentInPages(alignment)) << geometry.pageShift();
    }

    /// Gives the pages of an object back whose state says that it is free.
    void release(LargeObject object) {
        Interleaving.point();
        byBase.remove(object.base);
        runs.retire(object.page);
        pages.free(object.page, object.pages);
    }

    /// Gives the pages of several back, as [#release], with one fence for all heads.
    void release(Collection<LargeObject> objects) {
        objects.forEach(object -> byBase.remove(object.base));
        runs.retire(objects.stream().mapToLong(object -> object.page));
        objects.forEach(object -> pages.free(object.page, object.pages));
    }

    /// The object that contains an offset, or null.
    @Nullable
    LargeObject at(long offset) {
        Interleaving.point();
        Map.Entry<Long, LargeObject> below = byBase.floorEntry(offset);
        return below != null && offset < below.getKey() + bytes(below.getValue()) ? below.getValue() : null;
    }

    /// Usable bytes of an object.
    long bytes(LargeObject object) {
        return bytes(object.pages);
    }

    /// Bytes of so many pages.
    long bytes(long pages) {
        return pages << geometry.pageShift();
    }

    Collection<LargeObject> all() {
        return byBase.values();
    }
}
