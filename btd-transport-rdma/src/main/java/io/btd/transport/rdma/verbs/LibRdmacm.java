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

/// Every call into librdmacm. What is passed as a segment and what as an address is as in [LibIbverbs].
final class LibRdmacm {
    static final String NAME = "librdmacm.so.1";
    static final String DEBIAN_PACKAGE = "librdmacm1";

    /// Reliable connections.
    static final int RDMA_PS_TCP = 0x106;

    private final MethodHandle createEventChannel;
    private final MethodHandle destroyEventChannel;
    private final MethodHandle createId;
    private final MethodHandle destroyId;
    private final MethodHandle resolveAddr;
    private final MethodHandle resolveRoute;
    private final MethodHandle createQp;
    private final MethodHandle destroyQp;
    private final MethodHandle bindAddr;
    private final MethodHandle listen;
    private final MethodHandle connect;
    private final MethodHandle accept;
    private final MethodHandle reject;
    private final MethodHandle disconnect;
    private final MethodHandle getCmEvent;
    private final MethodHandle ackCmEvent;

    private LibRdmacm(NativeLibrary library) {
        FunctionDescriptor ofIdAndStructure = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);
        FunctionDescriptor ofIdAndNumber = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT);
        createEventChannel = library.bind("rdma_create_event_channel", FunctionDescriptor.of(JAVA_LONG));
        destroyEventChannel = library.bind("rdma_destroy_event_channel", FunctionDescriptor.ofVoid(JAVA_LONG));
        createId =
                library.bind("rdma_create_id", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT));
        destroyId = library.bind("rdma_destroy_id", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        resolveAddr =
                library.bind("rdma_resolve_addr", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
        resolveRoute = library.bind("rdma_resolve_route", ofIdAndNumber);
        createQp = library.bind("rdma_create_qp", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        destroyQp = library.bind("rdma_destroy_qp", FunctionDescriptor.ofVoid(ADDRESS));
        bindAddr = library.bind("rdma_bind_addr", ofIdAndStructure);
        listen = library.bind("rdma_listen", ofIdAndNumber);
        connect = library.bind("rdma_connect", ofIdAndStructure);
        accept = library.bind("rdma_accept", ofIdAndStructure);
        reject = library.bind("rdma_reject", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_BYTE));
        disconnect = library.bind("rdma_disconnect", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        getCmEvent = library.bind("rdma_get_cm_event", ofIdAndStructure);
        ackCmEvent = library.bind("rdma_ack_cm_event", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    }

    static LibRdmacm load() {
        return load(NAME);
    }

    static LibRdmacm load(String name) {
        return new LibRdmacm(NativeLibrary.load(name, DEBIAN_PACKAGE));
    }

    /// Makes an event channel; without any device the kernel has none to give.
    long createEventChannel() throws VerbsException {
        String call = "rdma_create_event_channel";
        try {
            return NativeLibrary.pointer(call, state -> (long) createEventChannel.invokeExact(state));
        } catch (VerbsException e) {
            if (e.errno() == VerbsException.ENODEV || e.errno() == VerbsException.ENOSYS) {
                throw Unavailable.noDevice(call);
            }
            throw e;
        }
    }

    void destroyEventChannel(long channel) throws VerbsException {
        NativeLibrary.run("rdma_destroy_event_channel", state -> {
            destroyEventChannel.invokeExact(state, channel);
            return 0;
        });
    }

    /// Makes an end of a connection.
    ///
    /// @param cookie comes back in `context`
    long createId(MemorySegment channel, long cookie) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment id = arena.allocate(JAVA_LONG);
            NativeLibrary.run(
                    "rdma_create_id", state -> (int) createId.invokeExact(state, channel, id, cookie, RDMA_PS_TCP));
            return id.get(JAVA_LONG, 0);
        }
    }

    void destroyId(long id) throws VerbsException {
        NativeLibrary.run("rdma_destroy_id", state -> (int) destroyId.invokeExact(state, id));
    }

    void resolveAddr(MemorySegment id, MemorySegment destination, int milliseconds) throws VerbsException {
        NativeLibrary.run("rdma_resolve_addr", state ->
                (int) resolveAddr.invokeExact(state, id, MemorySegment.NULL, destination, milliseconds));
    }

    void resolveRoute(MemorySegment id, int milliseconds) throws VerbsException {
        NativeLibrary.run("rdma_resolve_route", state -> (int) resolveRoute.invokeExact(state, id, milliseconds));
    }

    void createQp(MemorySegment id, MemorySegment domain, MemorySegment attributes) throws VerbsException {
        NativeLibrary.run("rdma_create_qp", state -> (int) createQp.invokeExact(state, id, domain, attributes));
    }

    void destroyQp(MemorySegment id) throws VerbsException {
        NativeLibrary.run("rdma_destroy_qp", state -> {
            destroyQp.invokeExact(state, id);
            return 0;
        });
    }

    void bindAddr(MemorySegment id, MemorySegment address) throws VerbsException {
        NativeLibrary.run("rdma_bind_addr", state -> (int) bindAddr.invokeExact(state, id, address));
    }

    void listen(MemorySegment id, int backlog) throws VerbsException {
        NativeLibrary.run("rdma_listen", state -> (int) listen.invokeExact(state, id, backlog));
    }

    void connect(MemorySegment id, MemorySegment parameters) throws VerbsException {
        NativeLibrary.run("rdma_connect", state -> (int) connect.invokeExact(state, id, parameters));
    }

    void accept(MemorySegment id, MemorySegment parameters) throws VerbsException {
        NativeLibrary.run("rdma_accept", state -> (int) accept.invokeExact(state, id, parameters));
    }

    void reject(MemorySegment id, MemorySegment privateData) throws VerbsException {
        byte length = (byte) privateData.byteSize();
        NativeLibrary.run("rdma_reject", state -> (int) reject.invokeExact(state, id, privateData, length));
    }

    void disconnect(MemorySegment id) throws VerbsException {
        NativeLibrary.run("rdma_disconnect", state -> (int) disconnect.invokeExact(state, id));
    }

    /// Takes the next event of a channel.
    ///
    /// @return its address; it must be acknowledged
    long getCmEvent(MemorySegment channel) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(JAVA_LONG);
            NativeLibrary.run("rdma_get_cm_event", state -> (int) getCmEvent.invokeExact(state, channel, event));
            return event.get(JAVA_LONG, 0);
        }
    }

    void ackCmEvent(long event) throws VerbsException {
        NativeLibrary.run("rdma_ack_cm_event", state -> (int) ackCmEvent.invokeExact(state, event));
    }
}
