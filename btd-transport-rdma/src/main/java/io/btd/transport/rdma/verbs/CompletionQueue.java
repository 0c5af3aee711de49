// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.transport.rdma.ResourceKind;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Where the ends of work requests are read. Safe for use by any thread; each completion reaches one of those that
/// poll.
public final class CompletionQueue extends Resource {
    private final DeviceContext device;
    private final @Nullable CompletionChannel channel;
    private final long address;
    private final MemorySegment structure;
    private final MemorySegment pollCq;
    private final MemorySegment reqNotifyCq;

    private CompletionQueue(DeviceContext device, @Nullable CompletionChannel channel, long address) {
        super(
                ResourceKind.COMPLETION_QUEUE,
                channel == null ? new Resource[] {device} : new Resource[] {device, channel});
        this.device = device;
        this.channel = channel;
        this.address = address;
        this.structure = view(address, Structures.CQ);
        this.pollCq = device.function("poll_cq");
        this.reqNotifyCq = device.function("req_notify_cq");
    }

    static CompletionQueue open(DeviceContext device, @Nullable CompletionChannel channel, int entries)
            throws VerbsException {
        return open(
                () -> {
                    long cookie = device.verbs().newCookie();
                    MemorySegment bell = channel == null ? MemorySegment.NULL : channel.structure();
                    long address = device.verbs().ibverbs().createCq(device.structure(), entries, cookie, bell);
                    CompletionQueue queue = new CompletionQueue(device, channel, address);
                    checked(
                            queue,
                            () -> new StructureCheck(Structures.CQ, queue.structure)
                                    .has("context", device.address())
                                    .has("channel", bell.address())
                                    .has("cq_context", cookie)
                                    .within("cqe", entries, Integer.MAX_VALUE));
                    if (channel != null) {
                        channel.add(address, queue);
                    }
                    return queue;
                },
                channel == null ? device : channel);
    }

    /// Takes completions, as many as are there and fit, without waiting.
    ///
    /// @return how many
    public int poll(Completions completions) throws VerbsException {
        requireOpen();
        int found;
        try {
            found = LibIbverbs.pollCq(pollCq, structure, completions.capacity(), completions.memory());
        } catch (IllegalStateException e) {
            throw orClosed(e);
        }
        if (found < 0) {
            throw new VerbsException("ibv_poll_cq", -found);
        }
        return completions.found(found);
    }

    /// Makes the next completion ring. What completed before does not: poll once more after this.
    ///
    /// @param solicitedOnly whether only failures and what the sender asked to ring does
    public void arm(boolean solicitedOnly) throws VerbsException {
        requireOpen();
        int code;
        try {
            code = LibIbverbs.reqNotifyCq(reqNotifyCq, structure, solicitedOnly ? 1 : 0);
        } catch (IllegalStateException e) {
            throw orClosed(e);
        }
        if (code != 0) {
            throw new VerbsException("ibv_req_notify_cq", Math.abs(code));
        }
    }

    long address() {
        return address;
    }

    @Override
    void release() throws VerbsException {
        if (channel != null) {
            channel.remove(address);
        }
        device.verbs().ibverbs().destroyCq(address);
    }
}
