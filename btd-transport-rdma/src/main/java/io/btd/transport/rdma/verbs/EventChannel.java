// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.api.BtdException;
import io.btd.transport.rdma.ResourceKind;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Where connections report. Safe for use by any thread; each event reaches one of those that wait.
public final class EventChannel extends Channel<ConnectionEvent> {
    private final Verbs verbs;
    private final long address;
    private final MemorySegment structure;
    private final int descriptor;
    private final Map<Long, ConnectionId> ids = new ConcurrentHashMap<>();

    private EventChannel(Verbs verbs, long address) {
        super(ResourceKind.EVENT_CHANNEL, verbs);
        this.verbs = verbs;
        this.address = address;
        this.structure = view(address, Structures.EVENT_CHANNEL);
        this.descriptor =
                (int) Structures.handle(Structures.EVENT_CHANNEL, "fd").get(structure, 0L);
    }

    static EventChannel open(Verbs verbs) throws VerbsException {
        return open(() -> nonBlocking(new EventChannel(verbs, verbs.rdmacm().createEventChannel())), verbs);
    }

    /// Makes an end for a connection, or a listener.
    public ConnectionId newConnectionId() throws VerbsException {
        return ConnectionId.open(this);
    }

    /// Takes an event. It is acknowledged at once, so that no id waits for a program before it goes; what an id that is
    /// gone had to say is dropped.
    @Override
    Optional<ConnectionEvent> take() throws VerbsException {
        long event = verbs.rdmacm().getCmEvent(structure);
        NativeEvent copy = NativeEvent.copy(event);
        verbs.rdmacm().ackCmEvent(event);
        ConnectionId id = copy.kind() == ConnectionEventKind.CONNECT_REQUEST ? arrived(copy.id()) : ids.get(copy.id());
        if (id == null) {
            return Optional.empty();
        }
        return Optional.of(new ConnectionEvent(
                copy.kind(),
                copy.status(),
                id,
                Optional.ofNullable(ids.get(copy.listener())),
                copy.privateData(),
                copy.responderResources(),
                copy.initiatorDepth()));
    }

    /// Takes over the id that a request brought. Nobody waits for it if the channel is about to close, so it goes.
    private ConnectionId arrived(long id) throws VerbsException {
        try {
            requireRunning();
            return ConnectionId.arrived(this, id);
        } catch (BtdException.Closed e) {
            verbs.rdmacm().destroyId(id);
            throw e;
        }
    }

    void add(long idAddress, ConnectionId id) {
        ids.put(idAddress, id);
    }

    void remove(long idAddress) {
        ids.remove(idAddress);
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

    @Override
    int descriptor() {
        return descriptor;
    }

    @Override
    void release() throws VerbsException {
        verbs.rdmacm().destroyEventChannel(address);
    }
}
