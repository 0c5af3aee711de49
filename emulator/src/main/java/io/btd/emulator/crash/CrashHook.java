// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.emulator.schedule.LogicalThread;
import io.btd.pmem.MemoryHook;
import io.btd.pmem.PersistSite;
import io.btd.pmem.PersistentMemory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gateway's hook while the explorer runs: hands the operations on attached memories to their
/// recorders and switches the mutant's site off. Other memories pass through. Thread-safe; recorders are
/// confined to the thread that made them.
public final class CrashHook implements MemoryHook {
    private record Attachment(PersistentMemory memory, Recorder recorder) {}

    /// Attachments by the memory's identity: open addressing, copied on each change, at most a quarter full.
    private static volatile @Nullable Attachment[] attachments = new Attachment[4];
    private static volatile @Nullable Mutant mutant;

    /// Called by the gateway, once.
    public CrashHook() {}

    /// Makes this class the gateway's hook; the gateway must not have been used before.
    ///
    /// @throws IllegalStateException when it was, without the hook
    public static void install() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, CrashHook.class.getName());
        }
        if (!(PersistentMemory.hook() instanceof CrashHook)) {
            throw new IllegalStateException("crash hook is not in place: hook=" + PersistentMemory.hook()
                    + "; start the JVM with -D" + PROPERTY + "=" + CrashHook.class.getName());
        }
    }

    /// Sends the operations on `memory` to `recorder` until [#detach].
    static synchronized void attach(PersistentMemory memory, Recorder recorder) {
        List<Attachment> all = attached();
        all.add(new Attachment(memory, recorder));
        publish(all);
    }

    /// Undoes [#attach].
    static synchronized void detach(PersistentMemory memory) {
        List<Attachment> all = attached();
        all.removeIf(attachment -> attachment.memory == memory);
        publish(all);
    }

    private static List<Attachment> attached() {
        List<Attachment> all = new ArrayList<>();
        for (Attachment attachment : attachments) {
            if (attachment != null) {
                all.add(attachment);
            }
        }
        return all;
    }

    private static void publish(List<Attachment> all) {
        @Nullable Attachment[] table = new Attachment[Integer.highestOneBit(all.size() * 4 + 1) * 2];
        for (Attachment attachment : all) {
            int at = System.identityHashCode(attachment.memory) & table.length - 1;
            while (table[at] != null) {
                at = at + 1 & table.length - 1;
            }
            table[at] = attachment;
        }
        attachments = table;
    }

    /// Switches a site off in the whole process; null switches everything on again.
    public static void mutate(@Nullable Mutant off) {
        mutant = off;
    }

    private static @Nullable Recorder recorderOf(PersistentMemory memory) {
        @Nullable Attachment[] table = attachments;
        int at = System.identityHashCode(memory) & table.length - 1;
        for (Attachment attachment = table[at]; attachment != null; attachment = table[at]) {
            if (attachment.memory == memory) {
                return attachment.recorder;
            }
            at = at + 1 & table.length - 1;
        }
        return null;
    }

    @Override
    public void point() {
        LogicalThread.point();
    }

    @Override
    public boolean waits() {
        return LogicalThread.waits();
    }

    @Override
    public void before(PersistentMemory memory, Access access, long offset, long bytes) {
        LogicalThread.point(access, offset);
        Recorder recorder = recorderOf(memory);
        if (recorder != null) {
            recorder.operation(access, offset, bytes);
        }
    }

    @Override
    public void stored(PersistentMemory memory, long offset, long bytes, boolean ordered) {
        Recorder recorder = recorderOf(memory);
        if (recorder != null) {
            recorder.stored(offset, bytes, ordered);
        }
    }

    @Override
    public void wroteBack(PersistentMemory memory, long offset, long bytes, PersistSite site) {
        Recorder recorder = recorderOf(memory);
        if (recorder != null) {
            recorder.wroteBack(offset, bytes, site);
        }
    }

    @Override
    public void fenced(PersistentMemory memory, PersistSite site) {
        Recorder recorder = recorderOf(memory);
        if (recorder != null) {
            recorder.fenced(site);
        }
    }

    @Override
    public boolean suppresses(PersistSite site, Access access) {
        Census.note(site, access);
        Mutant off = mutant;
        return off != null && off.site() == site && off.access() == access;
    }
}
