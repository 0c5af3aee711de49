// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException;
import io.btd.api.transport.Connection;
import io.btd.api.transport.Endpoint;
import io.btd.api.transport.Transport;
import io.btd.api.transport.TransportOptions;
import io.btd.api.transport.TransportProvider;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressesTest {
    @TempDir
    Path folder;

    @Test
    void theProvidersAreFound() {
        assertThat(TransportProvider.all().stream().map(TransportProvider::name))
                .containsSubsequence("uds", "tcp");
    }

    @Test
    void bothFamilies() {
        InetAddresses addresses = new InetAddresses("tcp");
        assertThat(addresses.remote("127.0.0.1:7101")).hasToString("/127.0.0.1:7101");
        assertThat(addresses.remote("[::1]:65535")).hasToString("/[0:0:0:0:0:0:0:1]:65535");
        assertThat(addresses.bound("[::1]:0", new InetSocketAddress(99)).address())
                .isEqualTo("[::1]:99");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "host",
                ":1",
                "host:",
                "host:x",
                "host:65536",
                "host:-1",
                "host:+1",
                "host:123456",
                "::1:7101",
                "[::1]",
                "[]:1",
                "[host]:1",
                "host:٣"
            })
    void notAnAddress(String text) {
        InetAddresses addresses = new InetAddresses("tcp");
        assertThatThrownBy(() -> addresses.remote(text)).isInstanceOf(BtdException.InvalidConfig.class);
        assertThatThrownBy(() -> addresses.local(text)).isInstanceOf(BtdException.InvalidConfig.class);
    }

    @Test
    void portZeroIsForListeningOnly() {
        InetAddresses addresses = new InetAddresses("tcp");
        assertThat(addresses.local("127.0.0.1:0")).hasToString("/127.0.0.1:0");
        assertThatThrownBy(() -> addresses.remote("127.0.0.1:0")).isInstanceOf(BtdException.InvalidConfig.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EPOLL_UDS", "NIO_UDS"})
    void aSocketFileComesAndGoes(String name) throws Exception {
        Path path = folder.resolve("node.sock");
        Endpoint endpoint = new Endpoint("uds", path.toString());
        try (Transport transport = new StreamTransport(SocketMedium.valueOf(name), TransportOptions.defaults())) {
            Transport.Listener listener = transport.listen(endpoint, connection -> new Seen());
            assertThat(path).exists();
            assertThatThrownBy(() -> transport.listen(endpoint, connection -> new Seen()))
                    .isInstanceOf(BtdException.InvalidConfig.class)
                    .hasMessageContaining("somebody listens");
            transport.connect(endpoint, new Seen(), Duration.ofSeconds(20)).close();
            listener.close();
            assertThat(path).doesNotExist();
            try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                dead.bind(UnixDomainSocketAddress.of(path));
            }
            assertThat(path).exists();
            Seen far = new Seen();
            transport.listen(endpoint, connection -> far);
            Connection near = transport.connect(endpoint, new Seen(), Duration.ofSeconds(20));
            Pair.send(near, 1, new byte[10]);
            far.next();
        }
        assertThat(path).doesNotExist();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatIsNoSocketFileStays() throws Exception {
        Path precious = Files.writeString(folder.resolve("precious"), "data");
        try (Transport transport = new StreamTransport(SocketMedium.uds(), TransportOptions.defaults())) {
            assertThatThrownBy(
                            () -> transport.listen(new Endpoint("uds", precious.toString()), connection -> new Seen()))
                    .isInstanceOf(BtdException.InvalidConfig.class)
                    .hasMessageContaining("not a socket file");
        }
        assertThat(precious).hasContent("data");
    }

    @Test
    void pathsThatCannotBe() {
        try (Transport transport = new StreamTransport(SocketMedium.uds(), TransportOptions.defaults())) {
            Endpoint tooLong = new Endpoint("uds", "/tmp/" + "ä".repeat(SocketFiles.MAX_BYTES / 2));
            for (Endpoint wrong : new Endpoint[] {
                tooLong, new Endpoint("uds", " "), new Endpoint("uds", "/tmp/\0"),
            }) {
                assertThatThrownBy(() -> transport.listen(wrong, connection -> new Seen()))
                        .isInstanceOf(BtdException.InvalidConfig.class);
                assertThatThrownBy(() -> transport.connect(wrong, new Seen(), Duration.ofSeconds(1)))
                        .isInstanceOf(BtdException.InvalidConfig.class);
            }
            Path nowhere = folder.resolve("absent").resolve("node.sock");
            assertThatThrownBy(
                            () -> transport.listen(new Endpoint("uds", nowhere.toString()), connection -> new Seen()))
                    .isInstanceOf(BtdException.InvalidConfig.class);
        }
    }

    @Test
    void aPathOfTheGreatestLengthWorks() throws Exception {
        int rest = SocketFiles.MAX_BYTES - folder.toString().length() - 1;
        Path path = folder.resolve("s".repeat(rest));
        Endpoint endpoint = new Endpoint("uds", path.toString());
        for (SocketMedium medium : new SocketMedium[] {SocketMedium.EPOLL_UDS, SocketMedium.NIO_UDS}) {
            Seen far = new Seen();
            try (Transport transport = new StreamTransport(medium, TransportOptions.defaults())) {
                transport.listen(endpoint, connection -> far);
                transport.connect(endpoint, new Seen(), Duration.ofSeconds(20)).close();
                assertThat(far.closed.get(1, TimeUnit.MINUTES)).isInstanceOf(BtdException.NodeDown.class);
            }
        }
    }
}
