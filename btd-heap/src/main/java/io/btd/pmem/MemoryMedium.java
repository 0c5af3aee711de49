// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import io.btd.api.PersistenceDomain;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An arena in plain memory: for tests, and for the crash explorer, which says what survives. Freed by the
/// garbage collector.
public final class MemoryMedium implements Medium {
    private final MemorySegment segment;
    private final PersistentMemory memory;

    /// `bytes` bytes of zeros that claim to follow the rules of `domain`.
    public MemoryMedium(long bytes, PersistenceDomain domain) {
        segment = Arena.ofAuto().allocate(bytes, 4096);
        memory = new PersistentMemory(segment, new WriteBack.Ordered(domain));
    }

    /// The bytes themselves, behind the gateway's back: to lay an image in or look at one.
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public PersistentMemory memory() {
        return memory;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public boolean reserve(long offset, long bytes) {
        return true;
    }

    @Override
    public void punch(long offset, long bytes) {
        memory.zero(offset, bytes);
    }

    @Override
    public boolean retain() {
        return true;
    }

    @Override
    public void release() {
        // the garbage collector knows
    }

    @Override
    public void close() {
        // the garbage collector knows
    }
}
