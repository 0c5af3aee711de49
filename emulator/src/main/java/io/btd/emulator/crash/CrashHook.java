// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.emulator.schedule.LogicalThread;
import io.btd.pmem.MemoryHook;
import io.btd.pmem.PersistSite;
import io.btd.pmem.PersistentMemory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The gateway's hook while the explorer runs: hands the operations on attached memories to their
/// recorders and switches the mutant's site off. Other memories pass through. Thread-safe; recorders are
/// confined to the thread that made them.
public final class CrashHook implements MemoryHook {
    private record Attachment(PersistentMemory memory, Recorder recorder) {}

    private static volatile Attachment[] attachments = new Attachment[0];
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
        Attachment[] more = Arrays.copyOf(attachments, attachments.length + 1);
        more[attachments.length] = new Attachment(memory, recorder);
        attachments = more;
    }

    /// Undoes [#attach].
    static synchronized void detach(PersistentMemory memory) {
        attachments = Arrays.stream(attachments).filter(a -> a.memory != memory).toArray(Attachment[]::new);
    }

    /// Switches a site off in the whole process; null switches everything on again.
    public static void mutate(@Nullable Mutant off) {
        mutant = off;
    }

    private static @Nullable Recorder recorderOf(PersistentMemory memory) {
        for (Attachment attachment : attachments) {
            if (attachment.memory == memory) {
                return attachment.recorder;
            }
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
            recorder.operation();
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
