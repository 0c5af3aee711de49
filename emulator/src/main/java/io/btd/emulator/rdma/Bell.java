// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import io.btd.transport.rdma.ResourceKind;
import io.btd.transport.rdma.stack.RdmaStack;
import java.time.Duration;

/// Where armed completion queues ring.
final class Bell extends Owned implements RdmaStack.CompletionChannel {
    private final Signal<Completions> rings;

    Bell(SoftwareStack stack, Adapter device) {
        super(stack, ResourceKind.COMPLETION_CHANNEL, device);
        this.rings = new Signal<>(this);
    }

    void ring(Completions queue) {
        rings.add(queue);
    }

    void forget(Completions queue) {
        rings.removeIf(one -> one == queue);
    }

    @Override
    public boolean await(Duration timeout) {
        return rings.next(timeout) != null;
    }

    @Override
    void release() {
        rings.end();
    }
}
