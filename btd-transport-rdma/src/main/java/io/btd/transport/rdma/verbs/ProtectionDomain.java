// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.transport.rdma.ResourceKind;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/// What memory regions and queue pairs belong to: the keys of one mean nothing in another. Safe for use by any thread.
public final class ProtectionDomain extends Resource {
    private final DeviceContext device;
    private final long address;
    private final MemorySegment structure;

    private ProtectionDomain(DeviceContext device, long address) {
        super(ResourceKind.PROTECTION_DOMAIN, device);
        this.device = device;
        this.address = address;
        this.structure = view(address, Structures.PD);
    }

    static ProtectionDomain open(DeviceContext device) throws VerbsException {
        return open(
                () -> {
                    long address = device.verbs().ibverbs().allocPd(device.structure());
                    ProtectionDomain domain = new ProtectionDomain(device, address);
                    return checked(
                            domain,
                            () -> new StructureCheck(Structures.PD, domain.structure).has("context", device.address()));
                },
                device);
    }

    /// Lets the device access memory, which is locked meanwhile.
    ///
    /// @param memory not on the Java heap; must stay mapped until the region is closed
    /// @param access what the device may do beside reading for this process
    /// @throws io.btd.api.BtdException.InvalidConfig where too little memory may be locked, or this cannot be
    public MemoryRegion register(MemorySegment memory, Set<Access> access) throws VerbsException {
        return MemoryRegion.open(this, memory, access);
    }

    DeviceContext device() {
        return device;
    }

    MemorySegment structure() {
        return structure;
    }

    long address() {
        return address;
    }

    @Override
    void release() throws VerbsException {
        device.verbs().ibverbs().deallocPd(address);
    }
}
