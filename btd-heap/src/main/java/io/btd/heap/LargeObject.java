// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ScanKind;
import java.util.concurrent.atomic.AtomicInteger;

/// A block that has a run of pages to itself: the volatile truth about it. Flags are those of
/// [Superblock]'s state bytes.
final class LargeObject {
    final long base;
    final long page;
    final long pages;
    final ScanKind kind;
    final int layout;
    private final AtomicInteger state;

    LargeObject(long base, long page, long head, int state) {
        this.base = base;
        this.page = page;
        this.pages = RunTable.pages(head);
        this.kind = RunTable.kind(head);
        this.layout = RunTable.layout(head);
        this.state = new AtomicInteger(state);
    }

    int state() {
        return state.get();
    }

    int tryFree() {
        return state.getAndSet(0);
    }

    void undoFree(int former) {
        state.set(former);
    }

    boolean tryBeginWriteBack() {
        int now = state.get();
        int next = Superblock.flagsWhileWritingBack(now);
        return next != now && state.compareAndSet(now, next);
    }

    void endWriteBack() {
        state.updateAndGet(now -> (now & Superblock.WRITING_BACK) == 0 ? now : Superblock.flagsAfterWriteBack(now));
    }

    boolean tryFlags(int set, int clear) {
        return (state.updateAndGet(now -> (now & Superblock.LIVE) == 0 ? now : now & ~clear | set) & Superblock.LIVE)
                != 0;
    }
}
