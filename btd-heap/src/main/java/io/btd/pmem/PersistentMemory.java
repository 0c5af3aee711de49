// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import io.btd.api.PersistenceDomain;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The gateway: every load, store, write-back and fence of an arena is a call of this class.
///
/// Offsets are bytes from the start of the medium; out of bounds is an `IndexOutOfBoundsException`, use
/// after close an `IllegalStateException`, never a crash. Words are little-endian and naturally aligned.
/// Thread-safe in the sense of the Java memory model: plain forms race, the other forms say what they
/// order. A store is persistent once its range was written back and a fence followed on the same thread.
///
/// The hook costs nothing when there is none: it is a `static final` null that compiled code drops.
public final class PersistentMemory {
    private static final @Nullable MemoryHook HOOK = MemoryHook.load();

    private static final VarHandle LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle().withInvokeExactBehavior();
    private static final VarHandle INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle().withInvokeExactBehavior();
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private final MemorySegment segment;
    private final WriteBack writeBack;
    private final long address;

    PersistentMemory(MemorySegment segment, WriteBack writeBack) {
        this.segment = segment;
        this.writeBack = writeBack;
        this.address = segment.address();
    }

    /// The hook of this process, `null` where there is none.
    public static @Nullable MemoryHook hook() {
        return HOOK;
    }

    /// How many bytes there are.
    public long size() {
        return segment.byteSize();
    }

    /// What "persistent" means here.
    public PersistenceDomain domain() {
        return writeBack.domain();
    }

    /// Loads a byte.
    public byte getByte(long offset) {
        load(offset, 1);
        return segment.get(BYTE, offset);
    }

    /// Loads an aligned int, plainly.
    public int getInt(long offset) {
        load(offset, 4);
        return (int) INT.get(segment, offset);
    }

    /// Loads an aligned long, plainly.
    public long getLong(long offset) {
        load(offset, 8);
        return (long) LONG.get(segment, offset);
    }

    /// Loads an aligned long; later accesses stay behind it.
    public long getLongAcquire(long offset) {
        load(offset, 8);
        return (long) LONG.getAcquire(segment, offset);
    }

    /// Stores a byte, plainly.
    public void setByte(long offset, byte value) {
        point(MemoryHook.Access.STORE, offset, 1);
        segment.set(BYTE, offset, value);
        stored(offset, 1, false);
    }

    /// Stores an aligned int, plainly.
    public void setInt(long offset, int value) {
        point(MemoryHook.Access.STORE, offset, 4);
        INT.set(segment, offset, value);
        stored(offset, 4, false);
    }

    /// Stores an aligned long, plainly; atomic.
    public void setLong(long offset, long value) {
        point(MemoryHook.Access.STORE, offset, 8);
        LONG.set(segment, offset, value);
        stored(offset, 8, false);
    }

    /// Stores an aligned long; earlier accesses stay before it.
    public void setLongRelease(long offset, long value) {
        point(MemoryHook.Access.STORE, offset, 8);
        LONG.setRelease(segment, offset, value);
        stored(offset, 8, true);
    }

    /// Replaces `expected` by `value` atomically; says whether it did.
    public boolean compareAndSetLong(long offset, long expected, long value) {
        point(MemoryHook.Access.UPDATE, offset, 8);
        boolean done = LONG.compareAndSet(segment, offset, expected, value);
        if (done) {
            stored(offset, 8, true);
        }
        return done;
    }

    /// Sets bits atomically; returns the word before.
    public long getAndSetBits(long offset, long bits) {
        point(MemoryHook.Access.UPDATE, offset, 8);
        long before = (long) LONG.getAndBitwiseOr(segment, offset, bits);
        stored(offset, 8, true);
        return before;
    }

    /// Clears bits atomically; returns the word before.
    public long getAndClearBits(long offset, long bits) {
        point(MemoryHook.Access.UPDATE, offset, 8);
        long before = (long) LONG.getAndBitwiseAnd(segment, offset, ~bits);
        stored(offset, 8, true);
        return before;
    }

    /// Copies bytes in, in no particular order; aligned words are atomic.
    public void copyIn(MemorySegment source, long sourceOffset, long offset, long bytes) {
        point(MemoryHook.Access.STORE, offset, bytes);
        MemorySegment.copy(source, sourceOffset, segment, offset, bytes);
        stored(offset, bytes, false);
    }

    /// Copies bytes out.
    public void copyOut(long offset, MemorySegment destination, long destinationOffset, long bytes) {
        load(offset, bytes);
        MemorySegment.copy(segment, offset, destination, destinationOffset, bytes);
    }

    /// Copies bytes within, as memmove does, in no particular order.
    public void move(long from, long to, long bytes) {
        load(from, bytes);
        point(MemoryHook.Access.STORE, to, bytes);
        MemorySegment.copy(segment, from, segment, to, bytes);
        stored(to, bytes, false);
    }

    /// Overwrites a range with zeros, in no particular order.
    public void zero(long offset, long bytes) {
        point(MemoryHook.Access.STORE, offset, bytes);
        segment.asSlice(offset, bytes).fill((byte) 0);
        stored(offset, bytes, false);
    }

    /// Starts writing a range back; a later [#fence] of this thread completes it.
    public void writeBack(long offset, long bytes, PersistSite site) {
        MemoryHook hook = HOOK;
        if (hook != null) {
            hook.before(this, MemoryHook.Access.WRITE_BACK, offset, bytes);
            if (hook.suppresses(site, MemoryHook.Access.WRITE_BACK)) {
                return;
            }
        }
        writeBack.writeBack(address + offset, bytes);
        if (hook != null) {
            hook.wroteBack(this, offset, bytes, site);
        }
    }

    /// Completes the write-backs of this thread; later stores of this thread persist after them.
    public void fence(PersistSite site) {
        MemoryHook hook = HOOK;
        if (hook != null) {
            hook.before(this, MemoryHook.Access.FENCE, 0, 0);
            if (hook.suppresses(site, MemoryHook.Access.FENCE)) {
                return;
            }
        }
        writeBack.fence();
        if (hook != null) {
            hook.fenced(this, site);
        }
    }

    /// Writes a range back and completes that.
    public void persist(long offset, long bytes, PersistSite site) {
        writeBack(offset, bytes, site);
        fence(site);
    }

    /// A range as a segment that lives as long as `life`; for views of blocks only. What happens to it is not
    /// seen by the hook, and the caller keeps the mapping ([Medium#retain]) for as long.
    @SuppressWarnings("restricted")
    public MemorySegment view(long offset, long bytes, Arena life) {
        return MemorySegment.ofAddress(segment.asSlice(offset, bytes).address()).reinterpret(bytes, life, null);
    }

    private void load(long offset, long bytes) {
        if (HOOK != null) {
            HOOK.before(this, MemoryHook.Access.LOAD, offset, bytes);
        }
    }

    private void point(MemoryHook.Access access, long offset, long bytes) {
        if (HOOK != null) {
            HOOK.before(this, access, offset, bytes);
        }
    }

    private void stored(long offset, long bytes, boolean ordered) {
        if (HOOK != null) {
            HOOK.stored(this, offset, bytes, ordered);
        }
    }
}
