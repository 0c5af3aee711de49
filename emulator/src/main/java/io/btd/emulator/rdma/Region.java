// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import io.btd.transport.rdma.ResourceKind;
import io.btd.transport.rdma.stack.RdmaStack;
import io.btd.transport.rdma.verbs.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Memory that the adapter may access.
final class Region extends Owned implements RdmaStack.MemoryRegion {
    private final Domain domain;
    private final MemorySegment memory;
    private final int access;
    private final int localKey;
    private final int remoteKey;

    Region(SoftwareStack stack, Domain domain, long address, long bytes, int access) {
        super(stack, ResourceKind.MEMORY_REGION, domain);
        this.domain = domain;
        this.memory = NativeMemory.at(address, bytes);
        this.access = access;
        this.localKey = stack.regions().addLocal(this);
        this.remoteKey = stack.regions().addRemote(this);
    }

    @Override
    public int localKey() {
        return localKey;
    }

    @Override
    public int remoteKey() {
        return remoteKey;
    }

    /// The bytes at an address, where a queue pair of a domain may access them so.
    Optional<MemorySegment> slice(Domain of, long address, long bytes, int wanted) {
        long offset = address - memory.address();
        boolean inside = offset >= 0 && offset <= memory.byteSize() - bytes;
        return of == domain && inside && (access & wanted) == wanted
                ? Optional.of(memory.asSlice(offset, bytes))
                : Optional.empty();
    }

    @Override
    void release() {
        stack().lateWrites().settle();
        stack().regions().remove(this);
    }
}
