// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.transport.rdma.ResourceKind;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import java.util.Set;

/// Memory that a device may access. Safe for use by any thread.
public final class MemoryRegion extends Resource {
    private final ProtectionDomain domain;
    private final long address;
    /// Held, so that memory that the garbage collector frees is not freed while it is registered.
    private final MemorySegment memory;

    private final int localKey;
    private final int remoteKey;

    private MemoryRegion(ProtectionDomain domain, long address, MemorySegment memory) {
        super(ResourceKind.MEMORY_REGION, domain);
        this.domain = domain;
        this.address = address;
        this.memory = memory;
        MemorySegment structure = view(address, Structures.MR);
        this.localKey = (int) Structures.handle(Structures.MR, "lkey").get(structure, 0L);
        this.remoteKey = (int) Structures.handle(Structures.MR, "rkey").get(structure, 0L);
    }

    static MemoryRegion open(ProtectionDomain domain, MemorySegment memory, Set<Access> access) throws VerbsException {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("memory on the Java heap cannot be registered; copy it off the heap");
        }
        int flags = Access.flags(access);
        return open(
                () -> {
                    MemoryRegion region = new MemoryRegion(domain, register(domain, memory, flags), memory);
                    return checked(region, region::check);
                },
                domain);
    }

    private static long register(ProtectionDomain domain, MemorySegment memory, int flags) throws VerbsException {
        try {
            return domain.device().verbs().ibverbs().regMr(domain.structure(), memory, flags);
        } catch (VerbsException e) {
            OptionalLong limit = LockedMemory.limit();
            if (e.errno() == VerbsException.ENOMEM && limit.isPresent()) {
                throw Unavailable.lockedMemory(memory.byteSize(), limit.getAsLong());
            }
            if (e.errno() == VerbsException.EOPNOTSUPP) {
                throw Unavailable.notRegistrable(memory.byteSize());
            }
            throw e;
        }
    }

    private void check() {
        new StructureCheck(Structures.MR, view(address, Structures.MR))
                .has("context", domain.device().address())
                .has("pd", domain.address())
                .has("addr", memory.address())
                .has("length", memory.byteSize());
    }

    /// The memory.
    public MemorySegment memory() {
        return memory;
    }

    /// The key for pieces of requests of this process.
    public int localKey() {
        return localKey;
    }

    /// The key that a peer needs.
    public int remoteKey() {
        return remoteKey;
    }

    @Override
    void release() throws VerbsException {
        domain.device().verbs().ibverbs().deregMr(address);
    }
}
