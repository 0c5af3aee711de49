// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import io.btd.api.wire.MessageType;
import io.btd.api.wire.Response;
import io.btd.heap.SessionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One session: its connection, its requests in progress, the answers it has not acknowledged. Thread-safe; nothing
/// is called while its lock is held.
///
/// Ending has two steps: from [#beginEnd] on no request is admitted; when the last in progress is done, [#quiet]
/// completes, and only then is given back what the session holds.
public final class NodeSession {
    private final int index;
    private final SessionRecord record;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReplyCache replies;
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final SerialTasks declarations;
    private final AtomicInteger work = new AtomicInteger();
    private @Nullable SessionLink link;
    private int running;
    private boolean ending;
    private volatile boolean undeclared;
    private volatile long heard;
    private volatile long highest;
    private final boolean isNew;

    NodeSession(int index, SessionRecord record, int window, boolean undeclared, long now, SerialTasks declarations) {
        this.index = index;
        this.record = record;
        this.undeclared = undeclared;
        isNew = !undeclared;
        this.declarations = declarations;
        replies = new ReplyCache(window);
        heard = now;
    }

    /// Its place among the sessions of now; another session may have it later.
    public int index() {
        return index;
    }

    /// What is persistent of it.
    public SessionRecord record() {
        return record;
    }

    /// Whether it has to declare what it holds before anything else.
    public boolean undeclared() {
        return undeclared;
    }

    /// Runs its declarations one after the other, in the order they arrived.
    public SerialTasks declarations() {
        return declarations;
    }

    /// Whether no request of it ever came, so that nobody may know of it.
    boolean isUnheard() {
        return isNew && highest == 0;
    }

    /// The highest request number that arrived.
    long highestRequest() {
        return highest;
    }

    // --- connection

    /// Gives the session a connection; the former one is closed by the caller.
    ///
    /// @param former takes the connection it had
    /// @return the next request number, or 0 when the session is ending
    long attach(SessionLink link, List<SessionLink> former) {
        lock.lock();
        try {
            if (ending) {
                return 0;
            }
            if (this.link != null) {
                former.add(this.link);
            }
            this.link = link;
            return replies.acknowledged() + 1;
        } finally {
            lock.unlock();
        }
    }

    /// The connection is closed.
    void detach(SessionLink link) {
        lock.lock();
        try {
            if (this.link == link) {
                this.link = null;
            }
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    SessionLink link() {
        lock.lock();
        try {
            return link;
        } finally {
            lock.unlock();
        }
    }

    // --- requests

    /// Says what is to be done with a request. An answer that is there already is sent.
    ///
    /// @param link the connection it came on
    /// @param acknowledged up to which number the client has all answers
    /// @param mutates whether its answer has to be remembered
    /// @param charge bytes that its answer may take
    /// @param holdings is told of the blocks that acknowledged requests published
    public Admission admit(
            SessionLink link,
            MessageType type,
            long id,
            long acknowledged,
            boolean mutates,
            long charge,
            Holdings holdings) {
        List<Reply> settled = new ArrayList<>(0);
        Response known = null;
        Admission admission;
        lock.lock();
        try {
            if (ending || this.link != link) {
                return Admission.GONE;
            }
            if (acknowledged < 0 || id < 0) {
                return Admission.BEYOND;
            }
            replies.acknowledge(acknowledged, reply -> {
                if (reply.published.length > 0) {
                    settled.add(reply);
                }
            });
            Reply before = mutates && replies.inWindow(id) ? replies.get(id) : null;
            if (before != null) {
                known = before.answer;
                before.asker = link;
                admission = Admission.LEAVE;
            } else {
                admission = first(link, type, id, mutates, charge);
            }
            running += settled.isEmpty() ? 0 : 1; // the session's place is not another's before that is done
        } finally {
            lock.unlock();
        }
        if (!settled.isEmpty()) {
            try {
                settle(settled, holdings);
            } finally {
                done();
            }
        }
        if (known != null) {
            link.answer(type, id, known);
        }
        return admission;
    }

    private Admission first(SessionLink link, MessageType type, long id, boolean mutates, long charge) {
        if (id <= replies.acknowledged()) {
            return Admission.LEAVE;
        }
        if (!replies.inWindow(id)) {
            return Admission.BEYOND;
        }
        if (mutates && !replies.hasRoom(charge)) {
            return Admission.CROWDED;
        }
        if (mutates) {
            replies.add(new Reply(type, id, charge, link));
        }
        running++;
        highest = Math.max(highest, id);
        return Admission.MAKE;
    }

    private void settle(List<Reply> settled, Holdings holdings) {
        for (Reply reply : settled) {
            for (int i = 0; i < reply.published.length; i += 2) {
                holdings.published(reply.published[i], index, reply.published[i + 1]);
            }
        }
    }

    /// Ends a mutating request that was admitted: remembers its answer, and sends it to whoever asked last.
    ///
    /// @param published pairs of a block that the request published and the tag it was held under
    public void finish(long id, Response answer, long[] published) {
        SessionLink asker = null;
        MessageType type = MessageType.FAILED;
        lock.lock();
        try {
            Reply reply = replies.get(id);
            if (reply != null) {
                replies.answered(reply, answer);
                reply.published = published;
                asker = reply.asker;
                type = reply.type;
                reply.asker = null;
            }
        } finally {
            lock.unlock();
        }
        try {
            if (asker != null) {
                asker.answer(type, id, answer);
            }
        } finally {
            done();
        }
    }

    /// Ends a request that was admitted, does not mutate, and has been answered.
    public void done() {
        boolean last;
        lock.lock();
        try {
            running--;
            last = ending && running == 0;
        } finally {
            lock.unlock();
        }
        if (last) {
            quiet.complete(null);
        }
    }

    // --- life

    /// Something was heard of the client.
    public void heard(long now) {
        heard = now;
    }

    /// A thread other than the connection's takes on work for the session: its lease does not run out meanwhile.
    public void workBegins() {
        work.incrementAndGet();
    }

    /// Such work is done, or waits for the client.
    public void workEnds() {
        work.decrementAndGet();
    }

    boolean isWorkedFor() {
        return work.get() != 0;
    }

    /// Nobody was heard for a while, and that was the node's doing.
    void excuse(long now, long nanos) {
        heard = Math.min(now, heard + nanos);
    }

    long heard() {
        return heard;
    }

    /// Has declared all that it holds; false if it had before.
    boolean declared() {
        boolean first = undeclared;
        undeclared = false;
        return first;
    }

    /// Lets no request in any more; false if that was so before.
    boolean beginEnd() {
        boolean nothingRuns;
        lock.lock();
        try {
            if (ending) {
                return false;
            }
            ending = true;
            nothingRuns = running == 0;
        } finally {
            lock.unlock();
        }
        if (nothingRuns) {
            quiet.complete(null);
        }
        return true;
    }

    /// Completes when it ends and nothing of it runs any more.
    CompletableFuture<Void> quiet() {
        return quiet;
    }

    /// Completes when it has ended, durably.
    CompletableFuture<Void> gone() {
        return gone;
    }
}
