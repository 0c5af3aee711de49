// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.proxy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// One connection through a proxy: two sockets and a virtual thread per direction. The end of one direction is passed
/// on;
/// when both ended, the sockets are closed.
final class ProxiedConnection {
    private static final int CHUNK = 16 << 10;
    private static final int CRUMB = 64;

    private final SocketChannel client;
    private final SocketChannel server;
    private final Consumer<ProxiedConnection> ended;
    private final AtomicInteger pumping = new AtomicInteger(2);
    private final List<Thread> pumps;

    /// @param seed of the places where the stream is split
    /// @param ended told when both directions have ended
    ProxiedConnection(
            SocketChannel client,
            SocketChannel server,
            LinkGate toServer,
            LinkGate toClient,
            long seed,
            Consumer<ProxiedConnection> ended) {
        this.client = client;
        this.server = server;
        this.ended = ended;
        SplittableRandom random = new SplittableRandom(seed);
        SplittableRandom back = random.split();
        pumps = List.of(
                Thread.ofVirtual().unstarted(() -> pump(client, server, toServer, random)),
                Thread.ofVirtual().unstarted(() -> pump(server, client, toClient, back)));
    }

    void start() {
        pumps.forEach(Thread::start);
    }

    private void pump(SocketChannel in, SocketChannel out, LinkGate gate, SplittableRandom random) {
        byte[] bytes = new byte[CHUNK];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            int count;
            while ((count = in.read(buffer.clear().limit(random.nextInt(8) == 0 ? random.nextInt(CRUMB) + 1 : CHUNK)))
                    >= 0) {
                if (!forwarded(bytes, count, out, gate)) {
                    return;
                }
            }
            gate.awaitOpen();
            out.shutdownOutput();
        } catch (IOException broken) {
            // One end is gone: the other hears of it, but not through a black hole.
            gate.awaitOpen();
            reset();
        } finally {
            if (pumping.decrementAndGet() == 0) {
                close();
                ended.accept(this);
            }
        }
    }

    /// Whether the connection goes on.
    private boolean forwarded(byte[] bytes, int count, SocketChannel out, LinkGate gate) throws IOException {
        int done = 0;
        while (done < count) {
            LinkGate.Verdict verdict = gate.pass(bytes, done, count - done);
            ByteBuffer part = ByteBuffer.wrap(bytes, done, verdict.forward());
            while (part.hasRemaining()) {
                out.write(part);
            }
            done += verdict.forward();
            switch (verdict.after()) {
                case GO_ON -> {}
                case CLOSE -> {
                    close();
                    return false;
                }
                case RESET -> {
                    reset();
                    return false;
                }
            }
        }
        return true;
    }

    /// Ends both sides at once with a reset.
    void reset() {
        for (SocketChannel side : List.of(client, server)) {
            try {
                side.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException alreadyClosed) {
                // Then there is nothing to reset.
            }
        }
        close();
    }

    /// Ends both sides.
    void close() {
        close(client);
        close(server);
    }

    static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException alreadyBroken) {
            // It is closed all the same.
        }
    }

    /// Waits until both threads have ended; after [#close] and the gates' that is soon.
    void join() {
        for (Thread pump : pumps) {
            boolean interrupted = Thread.interrupted();
            while (pump.isAlive()) {
                try {
                    pump.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
