// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.channel;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// One completion queue that some connections of a device share, and the thread that reads it: looks a few times,
/// then has itself woken. Thread-safe.
final class Completions implements AutoCloseable {
    /// Connections that one queue serves; it has room for all their requests, so it never overflows.
    static final int CONNECTIONS = 128;

    private static final System.Logger LOG = System.getLogger(Completions.class.getName());
    private static final int ENTRIES = CONNECTIONS * (StreamBuffers.RECEIVES + StreamBuffers.SENDS);
    private static final int BATCH = 32;
    private static final int WAIT_MILLIS = 25;

    /// How long to look before waiting to be woken. Where processors are few, whoever looks is in the way of who works.
    private static final long LOOK_NANOS = Runtime.getRuntime().availableProcessors() > 4 ? 20_000 : 0;

    private final IbvPd domain;
    private final IbvCompChannel bell;
    private final IbvCQ queue;
    private final Map<Integer, RdmaChannel> channels = new ConcurrentHashMap<>();
    private final AtomicInteger places = new AtomicInteger(CONNECTIONS);
    private final Thread thread;
    private volatile boolean closed;

    Completions(IbvContext device, IbvPd domain, String name) throws IOException {
        this.domain = domain;
        bell = device.createCompChannel();
        try {
            queue = device.createCQ(bell, ENTRIES, 0);
        } catch (IOException | RuntimeException refused) {
            bell.destroyCompChannel();
            throw refused;
        }
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    IbvPd domain() {
        return domain;
    }

    IbvCQ queue() {
        return queue;
    }

    /// Takes one of the places, if there is one.
    boolean reserve() {
        return places.getAndUpdate(free -> Math.max(0, free - 1)) > 0;
    }

    /// The completions of this connection go to this channel.
    void add(int connection, RdmaChannel channel) {
        channels.put(connection, channel);
    }

    /// The connection has no queues any more.
    void release(int connection) {
        if (channels.remove(connection) != null) {
            places.incrementAndGet();
        }
    }

    private void run() {
        IbvWC[] found = new IbvWC[BATCH];
        for (int i = 0; i < BATCH; i++) {
            found[i] = new IbvWC();
        }
        try {
            SVCPollCq poll = queue.poll(found, BATCH);
            SVCReqNotify arm = queue.reqNotification(false);
            while (!closed) {
                if (!look(poll, found)) {
                    arm.execute();
                    if (deliver(poll, found) == 0 && bell.getCqEvent(queue, WAIT_MILLIS)) {
                        queue.ackEvents(1);
                    }
                }
            }
            poll.free();
            arm.free();
        } catch (IOException | RuntimeException broken) {
            if (!closed) {
                LOG.log(Level.ERROR, "completions can be read no more: thread=" + thread.getName(), broken);
                channels.values().forEach(channel -> channel.failed("completion queue is broken: " + broken));
            }
        }
    }

    /// Whether something was found before it was time to wait.
    private boolean look(SVCPollCq poll, IbvWC[] found) throws IOException {
        long end = System.nanoTime() + LOOK_NANOS;
        do {
            if (deliver(poll, found) > 0) {
                return true;
            }
            Thread.onSpinWait();
        } while (System.nanoTime() - end < 0);
        return false;
    }

    private int deliver(SVCPollCq poll, IbvWC[] found) throws IOException {
        poll.execute();
        int count = poll.getPolls();
        for (int i = 0; i < count; i++) {
            long id = found[i].getWr_id();
            RdmaChannel channel = channels.get(WorkId.connection(id));
            if (channel != null) {
                channel.completed(id, found[i].getStatus(), found[i].getByte_len());
            }
        }
        return count;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
            queue.destroyCQ();
            bell.destroyCompChannel();
        } catch (IOException refused) {
            throw new IllegalStateException("completion queue could not be closed", refused);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
