// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.verbs.IbvWC;
import io.btd.transport.rdma.ResourceKind;
import io.btd.transport.rdma.stack.RdmaStack;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A completion queue. Who lets it run over has lost it, and the queue pairs that complete on it.
final class Completions extends Owned implements RdmaStack.CompletionQueue {
    /// For what the next completion rings.
    private enum Armed {
        NOTHING,
        WHAT_MATTERS,
        ANYTHING
    }

    private final Bell bell;
    private final int entries;
    private final Deque<Completion> waiting = new ArrayDeque<>();
    private final Set<Pair> pairs = new HashSet<>();
    private Armed armed = Armed.NOTHING;
    private boolean overrun;

    Completions(SoftwareStack stack, Adapter device, Bell bell, int entries) {
        super(stack, ResourceKind.COMPLETION_QUEUE, device, bell);
        this.bell = bell;
        this.entries = entries;
    }

    void attach(Pair pair) {
        pairs.add(pair);
    }

    /// What a queue pair that goes has left is for nobody.
    void detach(Pair pair) {
        pairs.remove(pair);
        waiting.removeIf(completion -> completion.pair() == pair);
    }

    void add(Completion completion) {
        if (overrun) {
            return;
        }
        if (waiting.size() == entries) {
            overrun = true;
            List.copyOf(pairs).forEach(Pair::fail);
            return;
        }
        waiting.add(completion);
        if (armed == Armed.ANYTHING || armed == Armed.WHAT_MATTERS && completion.matters()) {
            armed = Armed.NOTHING;
            bell.ring(this);
        }
    }

    @Override
    public RdmaStack.Poller newPoller(IbvWC[] into, int most) {
        return () -> {
            int found = stack().locked(() -> poll(into, most));
            if (found == 0) {
                giveWay();
            }
            return found;
        };
    }

    private int poll(IbvWC[] into, int most) throws Refused {
        requireOpen();
        if (overrun) {
            throw new Refused("ibv_poll_cq", Refused.EINVAL, "the queue has run over: cqe=" + entries);
        }
        int found = 0;
        while (found < most && !waiting.isEmpty()) {
            Completion completion = waiting.remove();
            completion.pair().read(completion);
            completion.write(into[found++]);
        }
        return found;
    }

    /// An adapter works while a program polls; the wire needs the processor for that.
    @SuppressWarnings("ThreadPriorityCheck")
    private static void giveWay() {
        Thread.yield();
    }

    @Override
    public void arm(boolean solicitedOnly) {
        stack().locked(() -> {
            requireOpen();
            if (!solicitedOnly) {
                armed = Armed.ANYTHING;
            } else if (armed == Armed.NOTHING) {
                armed = Armed.WHAT_MATTERS;
            }
            return armed;
        });
    }

    @Override
    void release() {
        bell.forget(this);
    }
}
