// SPDX-License-Identifier: Apache-2.0
package io.btd.membership.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.btd.api.BtdException.InvalidConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperServerTest {

    @TempDir
    private Path folder;

    @Test
    @SuppressWarnings("try") // closing a handle may be interrupted; no test interrupts
    void dataOutlivesTheServer() throws Exception {
        int port;
        try (ZooKeeperServer server = ZooKeeperServer.start(folder, 0)) {
            port = server.port();
            try (ZooKeeper handle = connect(server)) {
                handle.create("/a", new byte[] {7}, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            }
        }
        try (ZooKeeperServer server = ZooKeeperServer.start(folder, port);
                ZooKeeper handle = connect(server)) {
            assertThat(server.connectString()).isEqualTo("127.0.0.1:" + port);
            assertThat(handle.getData("/a", false, null)).containsExactly(7);
        }
    }

    private static ZooKeeper connect(ZooKeeperServer server) throws IOException, InterruptedException {
        CountDownLatch there = new CountDownLatch(1);
        ZooKeeper handle = new ZooKeeper(server.connectString(), 5_000, event -> {
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                there.countDown();
            }
        });
        there.await();
        return handle;
    }

    @Test
    void aFolderHasOneServer() {
        try (ZooKeeperServer server = ZooKeeperServer.start(folder, 0)) {
            assertThat(server.port()).isPositive();
            assertThatExceptionOfType(InvalidConfig.class)
                    .isThrownBy(() -> ZooKeeperServer.start(folder, 0))
                    .withMessageContaining("folder is in use: folder=" + folder);
        }
        ZooKeeperServer.start(folder, 0).close();
    }

    @Test
    void aPortHasOneServer() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(InvalidConfig.class)
                    .isThrownBy(() -> ZooKeeperServer.start(folder, taken.getLocalPort()))
                    .withMessageContaining("port is taken: port=" + taken.getLocalPort());
        }
        // Nothing stays open behind the refusal.
        ZooKeeperServer.start(folder, 0).close();
    }

    @Test
    void aFolderThatIsNoneIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatExceptionOfType(InvalidConfig.class)
                .isThrownBy(() -> ZooKeeperServer.start(file, 0))
                .withMessageContaining("cannot use folder: folder=" + file);
    }

    @Test
    void itSaysLittleToStrangersAndListensOnLoopback() throws IOException {
        try (ZooKeeperServer server = ZooKeeperServer.start(folder, 0)) {
            assertThat(ask(server, "srvr")).contains("Mode: standalone");
            assertThat(ask(server, "conf")).contains("not in the whitelist");
        }
    }

    private static String ask(ZooKeeperServer server, String word) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
