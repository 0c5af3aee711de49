// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.util.Objects;

/// Takes completions, each time it is executed, with the queue pair's number also where a request failed.
final class PollCall extends SVCPollCq {
    private final StackCq queue;
    private final RdmaStack.Poller poller;
    private int found;
    private boolean valid = true;

    PollCall(StackCq queue, IbvWC[] into, int most) throws IOException {
        Objects.checkFromToIndex(0, most, into.length);
        this.queue = queue;
        this.poller = queue.queue().newPoller(into, most);
    }

    @Override
    public SVCPollCq execute() throws IOException {
        found = 0;
        Open.require(queue.isOpen(), "completion queue");
        found = poller.poll();
        return this;
    }

    @Override
    public int getPolls() {
        return found;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCPollCq free() {
        valid = false;
        return this;
    }
}
