// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.RdmaActiveEndpointGroup;
import com.ibm.disni.RdmaServerEndpoint;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/// A group that listens and a group that connects, as two processes would have them.
final class Ends implements AutoCloseable {
    static final int REQUESTS = 16;
    private static final int PIECES = 4;
    private static final int COMPLETIONS = 256;

    /// So long DiSNI's threads wait before they look whether they are to end, and so long an address is looked for.
    private static final int WAIT_MILLIS = 20;

    private static final int RESOLVE_MILLIS = 2000;
    private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

    private final RdmaActiveEndpointGroup<TestEndpoint> listening = newGroup();
    private final RdmaActiveEndpointGroup<TestEndpoint> connecting = newGroup();
    private final RdmaServerEndpoint<TestEndpoint> listener;
    private final InetSocketAddress address;

    /// Both ends of a connection.
    record Pair(TestEndpoint client, TestEndpoint server) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            end(() -> {
                client.close();
                server.close();
            });
        }
    }

    /// Makes an end ready before it connects.
    interface Preparation {
        void prepare(TestEndpoint client) throws IOException;
    }

    Ends(InetAddress host) throws Exception {
        listener = listening.createServerEndpoint();
        listener.bind(new InetSocketAddress(host, 0), REQUESTS);
        address = (InetSocketAddress) listener.getSrcAddr();
    }

    private static RdmaActiveEndpointGroup<TestEndpoint> newGroup() throws IOException {
        RdmaActiveEndpointGroup<TestEndpoint> group =
                new RdmaActiveEndpointGroup<>(WAIT_MILLIS, false, REQUESTS, PIECES, COMPLETIONS);
        group.init((id, serverSide) -> new TestEndpoint(group, id, serverSide));
        return group;
    }

    InetSocketAddress address() {
        return address;
    }

    /// An end that has not connected yet.
    TestEndpoint newClient() throws IOException {
        return connecting.createEndpoint();
    }

    static void connect(TestEndpoint client, InetSocketAddress to) throws Exception {
        client.connect(to, RESOLVE_MILLIS);
    }

    Pair connect() throws Exception {
        return connect(client -> {});
    }

    /// Connects an end that was made ready before.
    Pair connect(Preparation ready) throws Exception {
        CompletableFuture<TestEndpoint> accepted = CompletableFuture.supplyAsync(this::accept, THREADS);
        TestEndpoint client = newClient();
        ready.prepare(client);
        connect(client, address);
        return new Pair(client, accepted.join());
    }

    private TestEndpoint accept() {
        try {
            return listener.accept();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /// Closes something of DiSNI's.
    private interface Closing {
        void close() throws IOException, InterruptedException;
    }

    private static void end(Closing closing) throws IOException {
        try {
            closing.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while closing");
        }
    }

    @Override
    public void close() throws IOException {
        end(() -> {
            connecting.close();
            listening.close();
        });
    }
}
