// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A plain server behind the proxy, and a plain client in front of it.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ByteProxyTest {
    /// How long a test looks on when nothing may arrive.
    private static final int SILENCE_MILLIS = 100;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private ServerSocket server = listen();
    private ByteProxy proxy = proxyTo(server);

    @BeforeEach
    void openBoth() {
        opened.add(server);
        opened.add(proxy);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ByteProxy proxyTo(ServerSocket server) {
        return new ByteProxy((InetSocketAddress) server.getLocalSocketAddress(), 42);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(proxy.address().getAddress(), proxy.address().getPort());
        opened.add(socket);
        socket.setSoTimeout(30_000);
        return socket;
    }

    private Socket accept() throws IOException {
        Socket socket = server.accept();
        opened.add(socket);
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void send(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        to.getOutputStream().flush();
    }

    private static String receive(Socket from, int bytes) throws IOException {
        return new String(from.getInputStream().readNBytes(bytes), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static void hearsNothing(Socket socket) throws IOException {
        int before = socket.getSoTimeout();
        socket.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(before);
    }

    @Test
    void bytesAndEndsPassBothWays() throws IOException {
        Socket client = connect();
        Socket peer = accept();
        byte[] much = new byte[1 << 20];
        new java.util.Random(7).nextBytes(much);
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                client.getOutputStream().write(much);
                client.shutdownOutput();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(peer.getInputStream().readAllBytes()).isEqualTo(much);
        assertThat(sender).isNotNull();
        send(peer, "back");
        peer.close();
        assertThat(receive(client, 5)).isEqualTo("back");
        assertThat(proxy.forwarded(Direction.TO_SERVER)).isEqualTo(much.length);
        assertThat(proxy.forwarded(Direction.TO_CLIENT)).isEqualTo(4);
    }

    @Test
    void aBlackHoleHoldsEverythingBackInOneDirectionOnly() throws IOException {
        Socket client = connect();
        Socket peer = accept();
        proxy.set(Direction.TO_SERVER, LinkFault.BLACK_HOLE);
        send(client, "lost?");
        client.shutdownOutput();
        send(peer, "heard");
        assertThat(receive(client, 5)).isEqualTo("heard");
        hearsNothing(peer);
        proxy.set(Direction.TO_SERVER, LinkFault.NONE);
        assertThat(receive(peer, 6)).as("what was sent, then the end").isEqualTo("lost?");
    }

    @Test
    void aResetReachesBothEnds() throws IOException {
        Socket client = connect();
        Socket peer = accept();
        send(client, "x");
        assertThat(receive(peer, 1)).isEqualTo("x");
        proxy.resetAll();
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> peer.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void aCutComesAfterExactlySoManyBytes() throws IOException {
        proxy.set(Direction.TO_CLIENT, new LinkFault.CutAfter(7, false));
        Socket client = connect();
        Socket peer = accept();
        send(peer, "0123");
        assertThat(receive(client, 4)).isEqualTo("0123");
        send(peer, "456789");
        assertThat(receive(client, 100)).isEqualTo("456");
        // It happens once: the next connection is whole.
        Socket next = connect();
        send(accept(), "0123456789");
        assertThat(receive(next, 10)).isEqualTo("0123456789");
    }

    @Test
    void aCutByResetIsAReset() throws IOException {
        proxy.set(Direction.TO_SERVER, new LinkFault.CutAfter(0, true));
        Socket client = connect();
        accept();
        send(client, "never");
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThat(proxy.forwarded(Direction.TO_SERVER)).isZero();
    }

    @Test
    void oneBitIsFlippedWhereItWasAskedFor() throws IOException {
        proxy.set(Direction.TO_SERVER, new LinkFault.FlipBit(5, 1));
        Socket client = connect();
        Socket peer = accept();
        send(client, "000");
        send(client, "0000000");
        assertThat(receive(peer, 10)).isEqualTo("0000020000");
    }

    @Test
    void aThrottledLinkDeliversEverythingAndIsFreedAtOnce() throws IOException {
        proxy.set(new LinkFault.Throttle(1));
        Socket client = connect();
        Socket peer = accept();
        send(client, "a".repeat(10_000));
        assertThat(receive(peer, 1)).isEqualTo("a");
        // At one byte per portion the rest would take minutes.
        proxy.set(LinkFault.NONE);
        assertThat(receive(peer, 9_999)).isEqualTo("a".repeat(9_999));
    }

    @Test
    void aDelayedLinkDeliversLater() throws IOException {
        proxy.set(Direction.TO_SERVER, new LinkFault.Delay(Duration.ofHours(1)));
        Socket client = connect();
        Socket peer = accept();
        send(client, "late");
        hearsNothing(peer);
        proxy.set(Direction.TO_SERVER, new LinkFault.Delay(Duration.ofMillis(1)));
        assertThat(receive(peer, 4)).isEqualTo("late");
    }

    @Test
    void connectionsAreRefusedAndAdmittedAgainOnTheSamePort() throws IOException {
        for (int round = 0; round < 20; round++) {
            proxy.admit(Admission.REFUSED);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            proxy.admit(Admission.OPEN);
            Socket client = connect();
            send(accept(), "hello");
            assertThat(receive(client, 5)).isEqualTo("hello");
        }
    }

    @Test
    void silentMeansAcceptedAndNeverAnswered() throws IOException {
        proxy.admit(Admission.SILENT);
        Socket client = connect();
        send(client, "anybody?");
        hearsNothing(client);
        proxy.heal();
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        Socket next = connect();
        send(accept(), "yes");
        assertThat(receive(next, 3)).isEqualTo("yes");
    }

    @Test
    void aTargetThatIsGoneResetsAndANewOneServes() throws IOException {
        server.close();
        Socket client = connect();
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        server = listen();
        opened.add(server);
        proxy.target((InetSocketAddress) server.getLocalSocketAddress());
        Socket next = connect();
        send(accept(), "moved");
        assertThat(receive(next, 5)).isEqualTo("moved");
    }

    @Test
    void closingEndsWaitingConnectionsAndFreesThePort() throws IOException {
        proxy.set(LinkFault.BLACK_HOLE);
        Socket client = connect();
        Socket peer = accept();
        send(client, "held");
        send(peer, "held");
        proxy.admit(Admission.SILENT);
        Socket unanswered = connect();
        proxy.close();
        proxy.close();
        assertThat(proxy.connections()).isZero();
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        for (Socket socket : List.of(client, unanswered, peer)) {
            assertEnded(socket);
        }
        // The port can be had again.
        opened.add(
                new ServerSocket(proxy.address().getPort(), 1, proxy.address().getAddress()));
    }

    /// At the end of a stream, or reset.
    private static void assertEnded(Socket socket) {
        try {
            assertThat(socket.getInputStream().read()).isNegative();
        } catch (IOException reset) {
            assertThat(reset).isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void hundredsOfConnectionsLeaveNothing() throws IOException {
        for (int i = 0; i < 300; i++) {
            try (Socket client = new Socket(
                            proxy.address().getAddress(), proxy.address().getPort());
                    Socket peer = server.accept()) {
                client.setSoTimeout(30_000);
                send(peer, "x");
                assertThat(receive(client, 1)).isEqualTo("x");
                if (i % 3 == 0) {
                    proxy.resetAll();
                }
            }
        }
        proxy.close();
        assertThat(proxy.connections()).isZero();
    }
}
