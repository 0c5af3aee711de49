// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The small numbers by which holdings name sessions. Thread-safe; looking up takes no lock.
final class SessionPlaces implements Holdings.Holders {
    private final AtomicReferenceArray<@Nullable NodeSession> sessions;
    private final ReentrantLock lock = new ReentrantLock();
    private final BitSet taken = new BitSet();
    private int reserved;

    SessionPlaces(int most) {
        sessions = new AtomicReferenceArray<>(most);
    }

    /// Reserves a place for a session that is being opened, unless `most` are taken or reserved.
    boolean reserve(int most) {
        lock.lock();
        try {
            if (taken.cardinality() + reserved >= most) {
                return false;
            }
            reserved++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Gives a reservation back.
    void cancel() {
        lock.lock();
        try {
            reserved--;
        } finally {
            lock.unlock();
        }
    }

    /// Puts a session in a free place; uses up a reservation, if there is one.
    NodeSession take(IntFunction<NodeSession> made) {
        lock.lock();
        try {
            int index = taken.nextClearBit(0);
            NodeSession session = made.apply(index);
            taken.set(index);
            sessions.set(index, session);
            reserved = Math.max(0, reserved - 1);
            return session;
        } finally {
            lock.unlock();
        }
    }

    void free(NodeSession session) {
        lock.lock();
        try {
            sessions.set(session.index(), null);
            taken.clear(session.index());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long highestRequest(int index) {
        NodeSession session = sessions.get(index);
        return session == null ? 0 : session.highestRequest();
    }

    @Override
    public void freedByOther(int index, long block) {
        NodeSession session = sessions.get(index);
        SessionLink link = session == null ? null : session.link();
        if (link != null) {
            link.notice(new long[] {block});
        }
    }
}
