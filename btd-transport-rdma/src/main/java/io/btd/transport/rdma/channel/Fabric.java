// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.channel;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What the channels of one transport share: the thread that hears what happens to connections, and for each device a
/// protection domain and completion queues. Thread-safe.
final class Fabric implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Fabric.class.getName());
    private static final int WAIT_MILLIS = 25;
    private static final EventType[] TYPES = EventType.values();

    private final String name;
    private final RdmaEventChannel events;
    private final Map<RdmaCmId, Ears> ears = new ConcurrentHashMap<>();
    private final Map<IbvContext, Device> devices = new HashMap<>();
    private final AtomicInteger threads = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closed;

    /// Hears of one connection, or of one listener, on the fabric's thread. Must not block.
    interface Ears {
        /// Something happened.
        ///
        /// @param fresh of a request: the new connection, which is the hearer's to destroy
        void heard(EventType type, int status, @Nullable RdmaCmId fresh);
    }

    /// A device, and what connections over it share.
    private record Device(IbvContext context, IbvPd domain, List<Completions> queues) {}

    /// A fabric whose threads have names that begin with this one.
    Fabric(String name) throws IOException {
        this.name = name;
        events = RdmaEventChannel.createEventChannel();
        thread = new Thread(this::run, name + "-events");
        thread.setDaemon(true);
        thread.start();
    }

    /// Makes an end for a connection or a listener.
    RdmaCmId newId(Ears hearer) throws IOException {
        RdmaCmId id = events.createId(RdmaCm.RDMA_PS_TCP);
        ears.put(id, hearer);
        return id;
    }

    /// What happens to an end that a request brought is told to this one.
    void listen(RdmaCmId id, Ears hearer) {
        ears.put(id, hearer);
    }

    /// Destroys an end. Nothing of it is heard any more.
    void destroy(RdmaCmId id) throws IOException {
        ears.remove(id);
        id.destroyId();
    }

    /// A number that no other connection of this fabric has.
    int newConnection() {
        return connections.incrementAndGet();
    }

    /// A completion queue on the device of an end, with a place that was reserved for it.
    Completions completions(RdmaCmId id) throws IOException {
        IbvContext context = id.getVerbs();
        synchronized (devices) {
            Device device = devices.get(context);
            if (device == null) {
                device = new Device(context, context.allocPd(), new ArrayList<>());
                devices.put(context, device);
            }
            for (Completions queue : device.queues()) {
                if (queue.reserve()) {
                    return queue;
                }
            }
            Completions queue = new Completions(
                    device.context(), device.domain(), name + "-completions-" + threads.incrementAndGet());
            device.queues().add(queue);
            if (!queue.reserve()) {
                throw new IllegalStateException("a fresh completion queue has no place");
            }
            return queue;
        }
    }

    private void run() {
        while (!closed) {
            try {
                RdmaCmEvent event = events.getCmEvent(WAIT_MILLIS);
                if (event != null) {
                    hear(event);
                }
            } catch (IOException | RuntimeException broken) {
                if (!closed) {
                    LOG.log(Level.ERROR, "connection events can be heard no more: thread=" + thread.getName(), broken);
                }
                return;
            }
        }
    }

    private void hear(RdmaCmEvent event) throws IOException {
        EventType type = TYPES[event.getEvent()];
        boolean request = type == EventType.RDMA_CM_EVENT_CONNECT_REQUEST;
        RdmaCmId about = request ? event.getListenIdPriv() : event.getConnIdPriv();
        int status = event.getStatus();
        RdmaCmId fresh = request ? event.getConnIdPriv() : null;
        event.ackEvent(); // before anybody destroys the end, which waits for that
        Ears hearer = about == null ? null : ears.get(about);
        if (hearer != null) {
            hearer.heard(type, status, fresh);
        } else if (fresh != null) {
            fresh.destroyId();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
            synchronized (devices) {
                for (Device device : devices.values()) {
                    device.queues().forEach(Completions::close);
                    device.domain().deallocPd();
                }
                devices.clear();
            }
            events.destroyEventChannel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception refused) {
            throw new IllegalStateException("RDMA could not be closed: transport=" + name, refused);
        }
    }
}
