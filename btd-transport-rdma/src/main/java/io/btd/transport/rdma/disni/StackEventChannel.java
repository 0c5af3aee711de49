// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaEventChannel;
import io.btd.api.BtdException;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Where connections report, as DiSNI sees it. It has no descriptor for others to read from.
final class StackEventChannel extends RdmaEventChannel {
    private static final int NONE = -1;

    private final StackCm cm;
    private final RdmaStack.EventChannel channel;
    private final Map<RdmaStack.ConnectionId, StackCmId> ids = new ConcurrentHashMap<>();

    StackEventChannel(StackCm cm, RdmaStack.EventChannel channel) throws IOException {
        super(NONE);
        this.cm = cm;
        this.channel = channel;
    }

    StackCmId newId() throws IOException {
        Open.require(isOpen, "event channel");
        return known(channel.newConnectionId());
    }

    private StackCmId known(RdmaStack.ConnectionId id) throws IOException {
        StackCmId seen = new StackCmId(cm, this, id);
        ids.put(id, seen);
        return seen;
    }

    void forget(RdmaStack.ConnectionId id) {
        ids.remove(id);
    }

    /// The next event; null when the time is up, when what came was for an id that is gone, and when the provider has
    /// closed the channel.
    @Nullable
    RdmaCmEvent next(Duration timeout) throws IOException {
        Open.require(isOpen, "event channel");
        RdmaStack.Event happened = take(timeout);
        if (happened == null) {
            return null;
        }
        StackCmId id = happened.type() == RdmaCmEvent.EventType.RDMA_CM_EVENT_CONNECT_REQUEST
                ? known(happened.id())
                : ids.get(happened.id());
        if (id == null) {
            return null;
        }
        RdmaStack.ConnectionId listener = happened.listener();
        return new StackCmEvent(happened, id, listener == null ? null : ids.get(listener));
    }

    private RdmaStack.@Nullable Event take(Duration timeout) throws IOException {
        try {
            return channel.next(timeout);
        } catch (BtdException.Closed e) {
            Waits.idle();
            return null;
        }
    }

    int destroy() throws IOException {
        Open.require(isOpen, "event channel");
        close();
        channel.close();
        return 0;
    }
}
