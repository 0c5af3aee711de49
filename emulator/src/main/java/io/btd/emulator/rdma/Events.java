// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import io.btd.transport.rdma.ResourceKind;
import io.btd.transport.rdma.stack.RdmaStack;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where connections report.
final class Events extends Owned implements RdmaStack.EventChannel {
    private final Signal<RdmaStack.Event> events;

    Events(SoftwareStack stack, Owned root) {
        super(stack, ResourceKind.EVENT_CHANNEL, root);
        this.events = new Signal<>(this);
    }

    @Override
    public RdmaStack.ConnectionId newConnectionId() {
        return stack().locked(() -> new ConnectionEnd(stack(), this));
    }

    /// Reports from the wire, after what is under way there.
    void report(EventType type, int status, ConnectionEnd end, @Nullable ConnectionEnd listener, ByteBuffer data) {
        stack().soon(() -> stack().locked(() -> {
            if (!end.isGone()) {
                events.add(new RdmaStack.Event(type, status, end, listener, data));
            }
            return type;
        }));
    }

    /// What an end that goes has to say is for nobody.
    void forget(ConnectionEnd end) {
        events.removeIf(event -> event.id() == end);
    }

    @Override
    public RdmaStack.@Nullable Event next(Duration timeout) {
        return events.next(timeout);
    }

    @Override
    void release() {
        events.end();
    }
}
