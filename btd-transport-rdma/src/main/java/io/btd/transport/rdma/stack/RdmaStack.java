// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.stack;

import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCmEvent;
import io.btd.transport.rdma.ResourceCounts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An implementation of verbs: connections, memory, queues. DiSNI's classes are laid over it once, for all of them.
///
/// Requests and completions are DiSNI's own records. All parts may be used by any thread, but for a [Batch] and a
/// [Poller], which have one user at a time. Who uses what is closed gets [io.btd.api.BtdException.Closed].
public interface RdmaStack extends AutoCloseable {

    /// Makes a channel on which connections report.
    EventChannel newEventChannel() throws IOException;

    /// How much of what is open.
    ResourceCounts counts();

    /// Closes all that came of this.
    @Override
    void close();

    /// Something that is open until it is closed. Closing it closes what it owns first, and does nothing the second
    /// time.
    interface Part extends AutoCloseable {
        /// Whether it was closed.
        boolean isClosed();

        @Override
        void close();
    }

    /// Where connections report.
    interface EventChannel extends Part {
        /// Makes an end for a connection, or a listener.
        ConnectionId newConnectionId() throws IOException;

        /// Waits for what comes next.
        ///
        /// @return null when the time is up, or when what came was for nobody
        @Nullable
        Event next(Duration timeout) throws IOException;
    }

    /// What happened to a connection.
    ///
    /// @param status 0, or why not: a negative error number, or the fabric's reason of a rejection
    /// @param id whose; for a request the new end
    /// @param listener of a request: who listens
    /// @param privateData what the peer sent along
    record Event(
            RdmaCmEvent.EventType type,
            int status,
            ConnectionId id,
            @Nullable ConnectionId listener,
            ByteBuffer privateData) {}

    /// How an end wants to talk.
    ///
    /// @param retries how often a packet without an answer is sent again, 0 to 7; who connects says it for both
    /// @param receiverRetries how often the peer asks again where this end has no place to receive, 0 to 7; 7 is
    /// without end
    /// @param privateData for the peer
    record Handshake(int retries, int receiverRetries, ByteBuffer privateData) {}

    /// One end of a connection, or a listener. Two are equal if they are the same end.
    interface ConnectionId extends Part {
        /// Takes a local address.
        void bind(InetSocketAddress local) throws IOException;

        /// Makes the end a listener.
        void listen(int backlog) throws IOException;

        /// Looks for the device that leads to an address. An event reports it.
        void resolveAddress(InetSocketAddress destination, Duration timeout) throws IOException;

        /// Looks for the way to the address. An event reports it.
        void resolveRoute(Duration timeout) throws IOException;

        /// Makes the queues of the connection.
        QueuePair newQueuePair(
                ProtectionDomain domain, CompletionQueue sends, CompletionQueue receives, IbvQPInitAttr wanted)
                throws IOException;

        /// Asks the peer for the connection. An event reports it.
        void connect(Handshake handshake) throws IOException;

        /// Grants a request. An event reports it.
        void accept(Handshake handshake) throws IOException;

        /// Refuses a request.
        void reject(ByteBuffer privateData) throws IOException;

        /// Ends the connection. An event reports it on both ends.
        void disconnect() throws IOException;

        /// The device over which it runs, once that is known.
        Optional<Device> device() throws IOException;

        /// The address of this end, where it has one.
        Optional<InetSocketAddress> localAddress();

        /// The address of the other end, where it is known.
        Optional<InetSocketAddress> remoteAddress();
    }

    /// An adapter. Two are equal if they are the same one.
    interface Device extends Part {
        /// How many vectors it has for completions to ring on.
        int completionVectors();

        /// Makes what memory regions and queue pairs belong to.
        ProtectionDomain newProtectionDomain() throws IOException;

        /// Makes a channel on which completion queues ring.
        CompletionChannel newCompletionChannel() throws IOException;

        /// Makes a completion queue that rings on a channel.
        CompletionQueue newCompletionQueue(CompletionChannel channel, int entries) throws IOException;
    }

    /// What memory regions and queue pairs belong to.
    interface ProtectionDomain extends Part {
        /// Lets the device access memory, which must stay where it is until the region is closed.
        ///
        /// @param access the sum of DiSNI's `IBV_ACCESS_` flags
        MemoryRegion register(long address, long bytes, int access) throws IOException;
    }

    /// Memory that a device may access.
    interface MemoryRegion extends Part {
        /// The key for pieces of requests of this process.
        int localKey();

        /// The key that a peer needs.
        int remoteKey();
    }

    /// Where armed completion queues ring.
    interface CompletionChannel extends Part {
        /// Waits for a ring, and takes it.
        ///
        /// @return whether one came in time
        boolean await(Duration timeout) throws IOException;
    }

    /// Where the ends of requests are read.
    interface CompletionQueue extends Part {
        /// Makes something that takes completions, as many as are there and fit.
        Poller newPoller(IbvWC[] into, int most);

        /// Makes the next completion ring.
        void arm(boolean solicitedOnly) throws IOException;
    }

    /// Takes completions, again and again into the same records.
    interface Poller {
        /// Of a completion that failed only `wr_id`, `status`, `qp_num` and `vendor_err` mean anything.
        ///
        /// @return how many were there
        int poll() throws IOException;
    }

    /// The send and the receive queue of a reliable connection.
    interface QueuePair extends Part {
        /// The number by which completions name it.
        int number();

        /// Makes a batch of these requests, which may be changed between two posts.
        Batch newSends(List<? extends IbvSendWR> requests) throws IOException;

        /// Makes a batch of these requests, which may be changed between two posts.
        Batch newReceives(List<? extends IbvRecvWR> requests) throws IOException;
    }

    /// Requests that are posted together, again and again, as they are when they are posted.
    interface Batch {
        /// Posts them, in their order.
        ///
        /// @throws IOException where the device did not take all of them
        void post() throws IOException;
    }
}
