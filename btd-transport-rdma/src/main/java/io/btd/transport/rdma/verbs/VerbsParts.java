// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;

/// The parts of [VerbsStack] below a connection.
final class VerbsParts {
    private VerbsParts() {}

    static RdmaStack.QueuePair newQueuePair(
            ConnectionId id,
            RdmaStack.ProtectionDomain domain,
            RdmaStack.CompletionQueue sends,
            RdmaStack.CompletionQueue receives,
            IbvQPInitAttr wanted)
            throws IOException {
        QueuePairOptions options = new QueuePairOptions(
                wanted.cap().getMax_send_wr(),
                wanted.cap().getMax_recv_wr(),
                Math.max(1, wanted.cap().getMax_send_sge()),
                Math.max(1, wanted.cap().getMax_recv_sge()),
                wanted.cap().getMax_inline_data(),
                wanted.getSq_sig_all() != 0);
        return new Pair(
                id.newQueuePair(((Domain) domain).domain, ((Queue) sends).queue, ((Queue) receives).queue, options));
    }

    record Adapter(DeviceContext device) implements RdmaStack.Device {
        @Override
        public int completionVectors() {
            return device.completionVectors();
        }

        @Override
        public RdmaStack.ProtectionDomain newProtectionDomain() throws IOException {
            return new Domain(device.newProtectionDomain());
        }

        @Override
        public RdmaStack.CompletionChannel newCompletionChannel() throws IOException {
            return new Bell(device.newCompletionChannel());
        }

        @Override
        public RdmaStack.CompletionQueue newCompletionQueue(RdmaStack.CompletionChannel channel, int entries)
                throws IOException {
            return new Queue(((Bell) channel).channel.newCompletionQueue(entries));
        }

        @Override
        public boolean isClosed() {
            return device.isClosed();
        }

        @Override
        public void close() {
            device.close();
        }
    }

    private record Domain(ProtectionDomain domain) implements RdmaStack.ProtectionDomain {
        @Override
        public RdmaStack.MemoryRegion register(long address, long bytes, int access) throws IOException {
            return new Region(domain.register(NativeMemory.at(address, bytes), Access.of(access)));
        }

        @Override
        public boolean isClosed() {
            return domain.isClosed();
        }

        @Override
        public void close() {
            domain.close();
        }
    }

    private record Region(MemoryRegion region) implements RdmaStack.MemoryRegion {
        @Override
        public int localKey() {
            return region.localKey();
        }

        @Override
        public int remoteKey() {
            return region.remoteKey();
        }

        @Override
        public boolean isClosed() {
            return region.isClosed();
        }

        @Override
        public void close() {
            region.close();
        }
    }

    private record Bell(CompletionChannel channel) implements RdmaStack.CompletionChannel {
        @Override
        public boolean await(Duration timeout) throws IOException {
            return channel.next(timeout).isPresent();
        }

        @Override
        public boolean isClosed() {
            return channel.isClosed();
        }

        @Override
        public void close() {
            channel.close();
        }
    }

    private record Queue(CompletionQueue queue) implements RdmaStack.CompletionQueue {
        @Override
        public RdmaStack.Poller newPoller(IbvWC[] into, int most) {
            Completions completions = Completions.allocate(Arena.ofAuto(), most);
            return () -> {
                int found = queue.poll(completions);
                for (int i = 0; i < found; i++) {
                    completions.copy(i, into[i]);
                }
                return found;
            };
        }

        @Override
        public void arm(boolean solicitedOnly) throws IOException {
            queue.arm(solicitedOnly);
        }

        @Override
        public boolean isClosed() {
            return queue.isClosed();
        }

        @Override
        public void close() {
            queue.close();
        }
    }

    /// The memory of a batch is freed when nothing refers to it any more: DiSNI's calls need not be ended.
    private record Pair(QueuePair pair) implements RdmaStack.QueuePair {
        @Override
        public int number() {
            return pair.number();
        }

        @Override
        public RdmaStack.Batch newSends(List<? extends IbvSendWR> requests) {
            SendRequests list = SendRequests.allocate(
                    Arena.ofAuto(),
                    requests.size(),
                    requests.stream()
                            .mapToInt(one -> one.getSg_list().size())
                            .max()
                            .orElse(0));
            return () -> {
                WorkEncoding.sends(requests, list);
                pair.post(list);
            };
        }

        @Override
        public RdmaStack.Batch newReceives(List<? extends IbvRecvWR> requests) {
            ReceiveRequests list = ReceiveRequests.allocate(
                    Arena.ofAuto(),
                    requests.size(),
                    requests.stream()
                            .mapToInt(one -> one.getSg_list().size())
                            .max()
                            .orElse(0));
            return () -> {
                WorkEncoding.receives(requests, list);
                pair.post(list);
            };
        }

        @Override
        public boolean isClosed() {
            return pair.isClosed();
        }

        @Override
        public void close() {
            pair.close();
        }
    }
}
