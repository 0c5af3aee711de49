// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.ScanKind;
import io.btd.pmem.Interleaving;
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
    private volatile boolean heldBack;
    private volatile boolean exported;

    LargeObject(long base, long page, long head, int state) {
        this.base = base;
        this.page = page;
        this.pages = RunTable.pages(head);
        this.kind = RunTable.kind(head);
        this.layout = RunTable.layout(head);
        this.state = new AtomicInteger(state);
        this.exported = RunTable.exported(head);
    }

    /// Whether it is not decided yet what the sessions hold: freed, it waits for that.
    boolean heldBack() {
        return heldBack;
    }

    void setHeldBack(boolean held) {
        heldBack = held;
    }

    boolean exported() {
        return exported;
    }

    /// Notes that the run's head says so, durably.
    void setExported() {
        exported = true;
    }

    int state() {
        Interleaving.point();
        return state.get();
    }

    /// Takes the object from its holder if it has the flags `required`; returns its state before, 0 if it is not
    /// allocated or lacks them.
    int tryFree(int required) {
        Interleaving.point();
        int all = Superblock.LIVE | required;
        int before = state.getAndUpdate(now -> (now & all) == all ? 0 : now);
        return (before & all) == all ? before : 0;
    }

    /// Changes the state of an object that is not allocated; false if it is not `expected`.
    boolean tryState(int expected, int next) {
        Interleaving.point();
        return state.compareAndSet(expected, next);
    }

    void undoFree(int former) {
        state.set(former);
    }

    boolean tryBeginWriteBack() {
        int now = state.get();
        int next = Superblock.flagsWhileWritingBack(now);
        Interleaving.point();
        return next != now && state.compareAndSet(now, next);
    }

    void endWriteBack() {
        Interleaving.point();
        state.updateAndGet(now -> (now & Superblock.WRITING_BACK) == 0 ? now : Superblock.flagsAfterWriteBack(now));
    }

    boolean tryFlags(int set, int clear) {
        Interleaving.point();
        return (state.updateAndGet(now -> (now & Superblock.LIVE) == 0 ? now : now & ~clear | set) & Superblock.LIVE)
                != 0;
    }
}
