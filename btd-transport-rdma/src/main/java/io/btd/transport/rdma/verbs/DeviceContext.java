// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.transport.rdma.ResourceKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An opened device: by its name, or because a connection runs over it. Safe for use by any thread.
public final class DeviceContext extends Resource {
    private static final int MAX_VECTORS = 1 << 16;

    private final Verbs verbs;
    private final long address;
    private final boolean ours;
    private final MemorySegment structure;

    private DeviceContext(@Nullable ResourceKind kind, Verbs verbs, long address) {
        super(kind, verbs);
        this.verbs = verbs;
        this.address = address;
        this.ours = kind != null;
        this.structure = view(address, Structures.CONTEXT);
    }

    static DeviceContext open(Verbs verbs, String name) throws VerbsException {
        return open(() -> verbs.ibverbs().withDevices(devices -> openOneOf(devices, verbs, name)), verbs);
    }

    private static DeviceContext openOneOf(List<LibIbverbs.Device> devices, Verbs verbs, String name)
            throws VerbsException {
        if (devices.isEmpty()) {
            throw Unavailable.noDevice("ibv_get_device_list");
        }
        for (LibIbverbs.Device device : devices) {
            if (device.name().equals(name)) {
                long address = verbs.ibverbs().openDevice(device.address());
                DeviceContext opened = new DeviceContext(ResourceKind.DEVICE_CONTEXT, verbs, address);
                return checked(opened, () -> opened.check().has("device", device.address()));
            }
        }
        throw Unavailable.noSuchDevice(
                name, devices.stream().map(LibIbverbs.Device::name).toList());
    }

    /// The device of a connection, which librdmacm opened and keeps open.
    static DeviceContext ofConnection(Verbs verbs, long address) {
        DeviceContext device = new DeviceContext(null, verbs, address);
        return checked(device, device::check);
    }

    private StructureCheck check() {
        return new StructureCheck(Structures.CONTEXT, structure)
                .has("abi_compat", -1)
                .within("num_comp_vectors", 1, MAX_VECTORS)
                .within("cmd_fd", 0, Integer.MAX_VALUE)
                .within("async_fd", 0, Integer.MAX_VALUE)
                .isNotNull("ops.poll_cq")
                .isNotNull("ops.req_notify_cq")
                .isNotNull("ops.post_send")
                .isNotNull("ops.post_recv");
    }

    /// What the device can do.
    public DeviceAttributes attributes() throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Structures.DEVICE_ATTR);
            use(() -> verbs.ibverbs().queryDevice(structure, attributes));
            return DeviceAttributes.read(attributes);
        }
    }

    /// How a port is, counted from 1.
    public PortAttributes port(int number) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Structures.PORT_ATTR);
            use(() -> verbs.ibverbs().queryPort(structure, (byte) number, attributes));
            return PortAttributes.read(attributes);
        }
    }

    /// How many vectors it has for completions to ring on.
    public int completionVectors() {
        requireOpen();
        return (int) Structures.handle(Structures.CONTEXT, "num_comp_vectors").get(structure, 0L);
    }

    /// Makes a protection domain.
    public ProtectionDomain newProtectionDomain() throws VerbsException {
        return ProtectionDomain.open(this);
    }

    /// Makes a channel on which completion queues ring.
    public CompletionChannel newCompletionChannel() throws VerbsException {
        return CompletionChannel.open(this);
    }

    /// Makes a completion queue that is only polled.
    ///
    /// @param entries how many completions it holds at least
    public CompletionQueue newCompletionQueue(int entries) throws VerbsException {
        return CompletionQueue.open(this, null, entries);
    }

    Verbs verbs() {
        return verbs;
    }

    MemorySegment structure() {
        return structure;
    }

    long address() {
        return address;
    }

    /// A function of the device's table.
    MemorySegment function(String name) {
        long function =
                (long) Structures.handle(Structures.CONTEXT, "ops." + name).get(structure, 0L);
        return NativeLibrary.view(function, ValueLayout.JAVA_BYTE.byteSize());
    }

    @Override
    void release() throws VerbsException {
        if (ours) {
            verbs.ibverbs().closeDevice(address);
        }
    }
}
