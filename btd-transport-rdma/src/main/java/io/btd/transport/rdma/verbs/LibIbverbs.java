// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/// Every call into libibverbs. A structure that must stay while a call runs is passed as a segment of its owner's
/// arena; one
/// that is destroyed, and one that belongs to nobody here, as an address.
final class LibIbverbs {
    static final String NAME = "libibverbs.so.1";
    static final String DEBIAN_PACKAGE = "libibverbs1";

    /// The verbs that a device implements, called through the table in its context.
    private static final MethodHandle POLL_CQ =
            NativeLibrary.indirectCritical(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));

    private static final MethodHandle REQ_NOTIFY_CQ =
            NativeLibrary.indirect(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle POST =
            NativeLibrary.indirect(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));

    private final MethodHandle getDeviceList;
    private final MethodHandle freeDeviceList;
    private final MethodHandle getDeviceName;
    private final MethodHandle openDevice;
    private final MethodHandle closeDevice;
    private final MethodHandle queryDevice;
    private final MethodHandle queryPort;
    private final MethodHandle allocPd;
    private final MethodHandle deallocPd;
    private final MethodHandle regMr;
    private final MethodHandle deregMr;
    private final MethodHandle createCompChannel;
    private final MethodHandle destroyCompChannel;
    private final MethodHandle createCq;
    private final MethodHandle destroyCq;
    private final MethodHandle getCqEvent;
    private final MethodHandle ackCqEvents;

    private LibIbverbs(NativeLibrary library) {
        FunctionDescriptor destroy = FunctionDescriptor.of(JAVA_INT, JAVA_LONG);
        getDeviceList = library.bind("ibv_get_device_list", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        freeDeviceList = library.bind("ibv_free_device_list", FunctionDescriptor.ofVoid(JAVA_LONG));
        getDeviceName = library.bind("ibv_get_device_name", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
        openDevice = library.bind("ibv_open_device", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
        closeDevice = library.bind("ibv_close_device", destroy);
        queryDevice = library.bind("ibv_query_device", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        queryPort = library.bind("ibv_query_port", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_BYTE, ADDRESS));
        allocPd = library.bind("ibv_alloc_pd", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        deallocPd = library.bind("ibv_dealloc_pd", destroy);
        regMr = library.bind("ibv_reg_mr", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT));
        deregMr = library.bind("ibv_dereg_mr", destroy);
        createCompChannel = library.bind("ibv_create_comp_channel", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        destroyCompChannel = library.bind("ibv_destroy_comp_channel", destroy);
        createCq = library.bind(
                "ibv_create_cq", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT));
        destroyCq = library.bind("ibv_destroy_cq", destroy);
        getCqEvent = library.bind("ibv_get_cq_event", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        ackCqEvents = library.bind("ibv_ack_cq_events", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT));
    }

    static LibIbverbs load() {
        return load(NAME);
    }

    static LibIbverbs load(String name) {
        return new LibIbverbs(NativeLibrary.load(name, DEBIAN_PACKAGE));
    }

    /// A device and what the library calls it.
    record Device(long address, String name) {}

    /// What is done with the devices while their list exists.
    interface WithDevices<T> {
        T apply(List<Device> devices) throws VerbsException;
    }

    /// Passes on the devices there are. Without the kernel's part the library says ENOSYS; that is no device, too.
    <T> T withDevices(WithDevices<T> use) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            long list;
            try {
                list = NativeLibrary.pointer(
                        "ibv_get_device_list", state -> (long) getDeviceList.invokeExact(state, count));
            } catch (VerbsException e) {
                if (e.errno() == VerbsException.ENOSYS) {
                    return use.apply(List.of());
                }
                throw e;
            }
            try {
                return use.apply(devices(list, count.get(JAVA_INT, 0)));
            } finally {
                NativeLibrary.run("ibv_free_device_list", state -> {
                    freeDeviceList.invokeExact(state, list);
                    return 0;
                });
            }
        }
    }

    private List<Device> devices(long list, int count) throws VerbsException {
        MemorySegment pointers = NativeLibrary.view(list, count * JAVA_LONG.byteSize());
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long device = pointers.getAtIndex(JAVA_LONG, i);
            long name = NativeLibrary.pointer(
                    "ibv_get_device_name", state -> (long) getDeviceName.invokeExact(state, device));
            devices.add(new Device(device, NativeLibrary.view(name, MAX_NAME).getString(0)));
        }
        return devices;
    }

    /// IBV_SYSFS_NAME_MAX: the room of a name in `ibv_device`.
    private static final int MAX_NAME = 64;

    long openDevice(long device) throws VerbsException {
        return NativeLibrary.pointer("ibv_open_device", state -> (long) openDevice.invokeExact(state, device));
    }

    void closeDevice(long context) throws VerbsException {
        NativeLibrary.run("ibv_close_device", state -> (int) closeDevice.invokeExact(state, context));
    }

    void queryDevice(MemorySegment context, MemorySegment attributes) throws VerbsException {
        NativeLibrary.run("ibv_query_device", state -> (int) queryDevice.invokeExact(state, context, attributes));
    }

    void queryPort(MemorySegment context, byte port, MemorySegment attributes) throws VerbsException {
        NativeLibrary.run("ibv_query_port", state -> (int) queryPort.invokeExact(state, context, port, attributes));
    }

    long allocPd(MemorySegment context) throws VerbsException {
        return NativeLibrary.pointer("ibv_alloc_pd", state -> (long) allocPd.invokeExact(state, context));
    }

    void deallocPd(long domain) throws VerbsException {
        NativeLibrary.run("ibv_dealloc_pd", state -> (int) deallocPd.invokeExact(state, domain));
    }

    long regMr(MemorySegment domain, MemorySegment memory, int access) throws VerbsException {
        return NativeLibrary.pointer(
                "ibv_reg_mr", state -> (long) regMr.invokeExact(state, domain, memory, memory.byteSize(), access));
    }

    void deregMr(long region) throws VerbsException {
        NativeLibrary.run("ibv_dereg_mr", state -> (int) deregMr.invokeExact(state, region));
    }

    long createCompChannel(MemorySegment context) throws VerbsException {
        return NativeLibrary.pointer(
                "ibv_create_comp_channel", state -> (long) createCompChannel.invokeExact(state, context));
    }

    void destroyCompChannel(long channel) throws VerbsException {
        NativeLibrary.run("ibv_destroy_comp_channel", state -> (int) destroyCompChannel.invokeExact(state, channel));
    }

    /// Makes a completion queue.
    ///
    /// @param cookie comes back in `cq_context`
    /// @param channel null where it rings nowhere
    long createCq(MemorySegment context, int entries, long cookie, MemorySegment channel) throws VerbsException {
        return NativeLibrary.pointer(
                "ibv_create_cq", state -> (long) createCq.invokeExact(state, context, entries, cookie, channel, 0));
    }

    void destroyCq(long queue) throws VerbsException {
        NativeLibrary.run("ibv_destroy_cq", state -> (int) destroyCq.invokeExact(state, queue));
    }

    /// Takes the next ring of a channel.
    ///
    /// @return the address of the queue that rang
    long getCqEvent(MemorySegment channel) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment queue = arena.allocate(JAVA_LONG);
            MemorySegment cookie = arena.allocate(JAVA_LONG);
            NativeLibrary.run("ibv_get_cq_event", state -> (int) getCqEvent.invokeExact(state, channel, queue, cookie));
            return queue.get(JAVA_LONG, 0);
        }
    }

    void ackCqEvents(long queue, int events) throws VerbsException {
        NativeLibrary.run("ibv_ack_cq_events", state -> {
            ackCqEvents.invokeExact(state, queue, events);
            return 0;
        });
    }

    /// Takes completions; negative where that failed.
    static int pollCq(MemorySegment function, MemorySegment queue, int entries, MemorySegment completions) {
        try {
            return (int) POLL_CQ.invokeExact(function, queue, entries, completions);
        } catch (Throwable e) {
            throw NativeLibrary.broken(e);
        }
    }

    /// Asks for a ring at the next completion; 0 or an error number.
    static int reqNotifyCq(MemorySegment function, MemorySegment queue, int solicitedOnly) {
        try {
            return (int) REQ_NOTIFY_CQ.invokeExact(function, queue, solicitedOnly);
        } catch (Throwable e) {
            throw NativeLibrary.broken(e);
        }
    }

    /// Calls `post_send` or `post_recv`; 0 or an error number.
    static int post(MemorySegment function, MemorySegment pair, MemorySegment requests, MemorySegment firstRefused) {
        try {
            return (int) POST.invokeExact(function, pair, requests, firstRefused);
        } catch (Throwable e) {
            throw NativeLibrary.broken(e);
        }
    }
}
