// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.schedule.LogicalThread;
import io.btd.pmem.MemoryHook.Access;
import io.btd.pmem.MemoryMedium;
import io.btd.pmem.PersistSite;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// A medium in plain memory and the trace of what a program does to it. Reused from run to run; confined
/// to one thread, or several that take turns, which is checked. A store that leaves a word as it was is not
/// recorded: no image shows it.
public final class Recorder implements AutoCloseable {
    static final int LINE_WORDS = 8;
    private static final long ENDLESS = 5_000_000;
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemoryMedium medium;
    private final MemorySegment bytes;
    private final long[] visible;
    private final Trace trace = new Trace();
    private final Thread owner = Thread.currentThread();
    private @Nullable Thread partner;
    private long operationsLeft = Long.MAX_VALUE;
    private boolean explaining;
    private @Nullable BitSet reads;
    private final byte[] writers;

    /// Attaches to a new medium of zeros.
    public Recorder(long size, PersistenceDomain domain) {
        medium = new MemoryMedium(size, domain);
        bytes = medium.segment();
        visible = new long[Math.toIntExact(size / Long.BYTES)];
        writers = new byte[visible.length];
        CrashHook.attach(medium.memory(), this);
    }

    /// Where the program runs.
    public MemoryMedium medium() {
        return medium;
    }

    /// What it did so far.
    public Trace trace() {
        return trace;
    }

    /// How many words the medium has.
    public int words() {
        return visible.length;
    }

    /// What it holds now, loads seen as the program sees them.
    public long[] image() {
        return visible.clone();
    }

    /// The same without a copy, until the next store.
    public long[] visible() {
        return visible;
    }

    /// Notes that from here on `promise` holds.
    public void promise(Promise promise) {
        trace.promise(promise);
    }

    /// Allows a recovery so many operations, then calls it endless.
    public void limit() {
        operationsLeft = ENDLESS;
    }

    /// Whether to note which place of the program stores what; slow.
    public void explain(boolean on) {
        explaining = on;
    }

    /// Notes which 64-byte lines are read, until the next call; null ends it.
    void noteReads(@Nullable BitSet lines) {
        reads = lines;
    }

    /// Says that the check looked at bytes past the gateway.
    public void looked(long offset, long length) {
        if (reads != null && length > 0) {
            reads.set((int) (offset >>> 6), (int) (offset + length - 1 >>> 6) + 1);
        }
    }

    void operation(Access access, long offset, long length) {
        if (access == Access.LOAD || access == Access.UPDATE) {
            looked(offset, length);
            if (partner != null) {
                loaded(offset, length);
            }
        }
        if (--operationsLeft < 0) {
            throw new IllegalStateException("recovery does not end: operations=" + ENDLESS);
        }
    }

    private void loaded(long offset, long length) {
        int thread = thread();
        int last = (int) (offset + length - 1 >>> 3);
        for (int word = (int) (offset >>> 3); word <= last && length > 0 && last < writers.length; word++) {
            if (writers[word] > 0 && writers[word] != thread + 1) {
                trace.foreignLoad(thread, word);
                writers[word] = 0;
            }
        }
    }

    void stored(long offset, long length, boolean ordered) {
        int thread = thread();
        int origin = 0;
        int last = (int) (offset + length - 1 >>> 3);
        for (int word = (int) (offset >>> 3); word <= last && length > 0; word++) {
            long value = bytes.get(WORD, (long) word << 3);
            if (value != visible[word]) {
                visible[word] = value;
                origin = explaining && origin == 0 ? Origins.here() : origin;
                trace.store(thread, word, value, ordered, origin);
                writers[word] = (byte) (thread + 1);
            }
        }
    }

    void wroteBack(long offset, long length, PersistSite site) {
        int thread = thread();
        int first = (int) (offset >>> 6);
        int last = length == 0 ? first - 1 : (int) (offset + length - 1 >>> 6);
        trace.writeBack(thread, first, last - first + 1, site);
    }

    void fenced(PersistSite site) {
        trace.fence(thread(), site);
    }

    /// Lets a second thread take turns with the owner; they hand over to each other.
    public void admit(Thread second) {
        partner = second;
    }

    /// The calling thread's number: 0 the owner, 1 its partner; or that of a logical thread.
    private int thread() {
        Thread thread = Thread.currentThread();
        if (thread instanceof LogicalThread logical) {
            return logical.number();
        }
        if (thread == owner) {
            return 0;
        }
        if (thread != partner) {
            throw new IllegalStateException("persistent memory changed by a thread of its own: thread="
                    + thread.getName() + "; explore programs whose threads take turns");
        }
        return 1;
    }

    /// Puts a word behind the program's back.
    void lay(int word, long value) {
        bytes.set(WORD, (long) word << 3, value);
        visible[word] = value;
    }

    /// Puts everything behind the program's back, and forgets the trace.
    public void layAll(long[] image) {
        MemorySegment.copy(image, 0, bytes, WORD, 0, image.length);
        System.arraycopy(image, 0, visible, 0, image.length);
        Arrays.fill(writers, (byte) 0);
        trace.clear();
    }

    /// Takes back what was recorded, word by word, and forgets the trace.
    void undo(long[] image) {
        for (int i = 0; i < trace.size(); i++) {
            if (trace.stores(i)) {
                int word = trace.word(i);
                lay(word, image[word]);
            }
        }
        trace.clear();
    }

    /// Checks that nothing was stored past the hook.
    ///
    /// @throws IllegalStateException naming a word that changed unseen
    void requireNothingUnseen() {
        for (int word = 0; word < visible.length; word++) {
            if (bytes.get(WORD, (long) word << 3) != visible[word]) {
                throw new IllegalStateException("memory changed past the hook: offset=" + word * 8L
                        + "; every store goes through PersistentMemory");
            }
        }
    }

    @Override
    public void close() {
        CrashHook.detach(medium.memory());
    }
}
