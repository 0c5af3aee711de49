// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.transport.rdma.ResourceKind;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Where armed completion queues ring. Safe for use by any thread; each ring reaches one of those that wait.
public final class CompletionChannel extends Channel<CompletionQueue> {
    private final DeviceContext device;
    private final long address;
    private final MemorySegment structure;
    private final int descriptor;
    private final Map<Long, CompletionQueue> queues = new ConcurrentHashMap<>();

    private CompletionChannel(DeviceContext device, long address) {
        super(ResourceKind.COMPLETION_CHANNEL, device);
        this.device = device;
        this.address = address;
        this.structure = view(address, Structures.COMP_CHANNEL);
        this.descriptor = (int) Structures.handle(Structures.COMP_CHANNEL, "fd").get(structure, 0L);
    }

    static CompletionChannel open(DeviceContext device) throws VerbsException {
        return open(
                () -> {
                    long address = device.verbs().ibverbs().createCompChannel(device.structure());
                    CompletionChannel channel = new CompletionChannel(device, address);
                    checked(
                            channel,
                            () -> new StructureCheck(Structures.COMP_CHANNEL, channel.structure)
                                    .has("context", device.address()));
                    return nonBlocking(channel);
                },
                device);
    }

    /// Makes a completion queue that rings here.
    ///
    /// @param entries how many completions it holds at least
    public CompletionQueue newCompletionQueue(int entries) throws VerbsException {
        return CompletionQueue.open(device, this, entries);
    }

    /// Takes a ring. It is acknowledged at once, so that no queue waits for a program before it goes.
    @Override
    Optional<CompletionQueue> take() throws VerbsException {
        long queue = device.verbs().ibverbs().getCqEvent(structure);
        device.verbs().ibverbs().ackCqEvents(queue, 1);
        return Optional.ofNullable(queues.get(queue));
    }

    void add(long queueAddress, CompletionQueue queue) {
        queues.put(queueAddress, queue);
    }

    void remove(long queueAddress) {
        queues.remove(queueAddress);
    }

    MemorySegment structure() {
        return structure;
    }

    long address() {
        return address;
    }

    @Override
    int descriptor() {
        return descriptor;
    }

    @Override
    void release() throws VerbsException {
        device.verbs().ibverbs().destroyCompChannel(address);
    }
}
