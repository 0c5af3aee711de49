// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.transport.rdma.ResourceCounts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// rdma-core, opened: devices and event channels come from here, and closing it closes all that came of them. Safe for
/// use by any thread.
public final class Verbs extends Resource {
    private final LibIbverbs ibverbs;
    private final LibRdmacm rdmacm;
    private final AtomicLong cookies = new AtomicLong();

    /// The devices that librdmacm has opened, by the address of their context.
    private final Map<Long, DeviceContext> devicesOfConnections = new ConcurrentHashMap<>();

    private Verbs(LibIbverbs ibverbs, LibRdmacm rdmacm, ResourceCounts counts) {
        super(counts);
        this.ibverbs = ibverbs;
        this.rdmacm = rdmacm;
    }

    /// Loads the libraries.
    ///
    /// @throws io.btd.api.BtdException.InvalidConfig where that cannot be, with what to do
    public static Verbs open(ResourceCounts counts) {
        requirePlatform(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        return new Verbs(LibIbverbs.load(), LibRdmacm.load(), counts);
    }

    /// The structures are those of Linux on x86-64.
    static void requirePlatform(String system, String machine) {
        if (!system.toLowerCase(Locale.ROOT).contains("linux") || !machine.equals("amd64")) {
            throw Unavailable.platform(system, machine);
        }
    }

    /// The names of the devices there are, perhaps none.
    public List<String> deviceNames() throws VerbsException {
        requireOpen();
        return ibverbs.withDevices(
                devices -> devices.stream().map(LibIbverbs.Device::name).toList());
    }

    /// Opens a device by its name.
    ///
    /// @throws io.btd.api.BtdException.InvalidConfig where there is none, or none of that name
    public DeviceContext openDevice(String name) throws VerbsException {
        return DeviceContext.open(this, name);
    }

    /// Makes a channel on which connections report.
    ///
    /// @throws io.btd.api.BtdException.InvalidConfig where there is no device
    public EventChannel openEventChannel() throws VerbsException {
        return EventChannel.open(this);
    }

    /// The device that librdmacm has opened at this address.
    DeviceContext deviceOfConnection(long context) throws VerbsException {
        return open(
                () -> {
                    DeviceContext known = devicesOfConnections.get(context);
                    if (known != null && !known.isClosed()) {
                        return known;
                    }
                    DeviceContext device = DeviceContext.ofConnection(this, context);
                    devicesOfConnections.put(context, device);
                    return device;
                },
                this);
    }

    LibIbverbs ibverbs() {
        return ibverbs;
    }

    LibRdmacm rdmacm() {
        return rdmacm;
    }

    /// A number that nothing else of this provider has, and not 0.
    long newCookie() {
        return cookies.incrementAndGet();
    }

    @Override
    void release() {}
}
