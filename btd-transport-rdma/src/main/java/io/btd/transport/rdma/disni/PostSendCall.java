// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.SVCPostSend;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.util.List;

/// Send requests, posted each time it is executed, as they are then. They are copies of those it was made of.
final class PostSendCall extends SVCPostSend {
    private final StackQp pair;
    private final List<PreparedSend> requests;
    private final RdmaStack.Batch batch;
    private boolean valid = true;

    PostSendCall(StackQp pair, List<? extends IbvSendWR> requests) throws IOException {
        this.pair = pair;
        this.requests = requests.stream().map(PreparedSend::copy).toList();
        this.batch = pair.pair().newSends(this.requests);
    }

    @Override
    public SVCPostSend execute() throws IOException {
        pair.pair();
        batch.post();
        return this;
    }

    @Override
    public SendWork getWrMod(int index) {
        return requests.get(index);
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCPostSend free() {
        valid = false;
        return this;
    }
}
