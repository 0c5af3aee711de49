// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException.NodeDown;
import io.btd.client.Time.Alarm;
import org.jspecify.annotations.Nullable;

/// Keeps a session's lease, and notices when nothing comes any more. Thread-safe; never takes the session's lock
/// while it has its own.
///
/// PING goes out every third of the lease, and when an answer is awaited and the node has been silent for a
/// second; a connection on which a PING and everything else stays unanswered for three is given up, unless what is to
/// be sent gets less: then the PING still stands behind it.
final class Heartbeat {
    /// Silence in nanoseconds after which a node that owes an answer is asked whether it is there.
    static final long SILENCE = 1_000_000_000L;

    /// Silence after such a question that ends the connection.
    static final long PATIENCE = 3_000_000_000L;

    private final int node;
    private final Time time;
    private final Session session;

    private volatile long lastHeard;
    private volatile @Nullable Link link;
    private volatile @Nullable Alarm alarm;
    private volatile long third;
    private volatile long lastPing;
    private volatile long unsent;

    Heartbeat(int node, Time time, Session session) {
        this.node = node;
        this.time = time;
        this.session = session;
    }

    /// A connection is open.
    void begin(Link opened, int leaseMillis) {
        synchronized (this) {
            end();
            third = Math.max(1, leaseMillis) * 1_000_000L / 3;
            lastHeard = time.now();
            lastPing = lastHeard;
            link = opened;
        }
        next(opened);
    }

    /// Something came.
    void heard() {
        lastHeard = time.now();
    }

    /// The connection has ended.
    void end() {
        link = null;
        Alarm set = alarm;
        if (set != null) {
            set.cancel();
        }
    }

    private void next(Link current) {
        alarm = time.after(Math.min(third, SILENCE), () -> tick(current));
    }

    /// Whether something has left since this was asked before.
    private boolean leaves(Link current) {
        long before = unsent;
        unsent = current.connection().unsent();
        return unsent < before;
    }

    private void tick(Link current) {
        if (link != current) {
            return;
        }
        long now = time.now();
        long silent = now - lastHeard;
        boolean asked = lastPing - lastHeard > 0;
        if (leaves(current) && asked) {
            lastPing = now;
        }
        if (asked && now - lastPing >= PATIENCE) {
            current.fail(new NodeDown(
                    node, "node is silent: node=" + node + ", ms=" + silent / 1_000_000, "it is connected to again"));
            return;
        }
        if (now - lastPing >= third || !asked && silent >= SILENCE && session.expects()) {
            lastPing = asked ? lastPing : now; // a question that is not answered yet keeps its time
            session.ping();
        }
        next(current);
    }
}
