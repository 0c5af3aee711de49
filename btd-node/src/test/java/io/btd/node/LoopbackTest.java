// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdConfig;
import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.transport.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"tcp:127.0.0.1:0", "tcp:127.9.9.9:71", "tcp:[::1]:0", "tcp:localhost:0", "uds:/run/x.sock"})
    void onlyThisMachineReaches(String endpoint) {
        assertThat(Loopback.only(Endpoint.parse(endpoint))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp:0.0.0.0:0",
                "tcp:[::]:0",
                "tcp:192.0.2.1:7101",
                "tcp:no.such.host.invalid:1",
                "tcp::0",
                "rdma:x"
            })
    void othersMayReach(String endpoint) {
        assertThat(Loopback.only(Endpoint.parse(endpoint))).isFalse();
    }

    @Test
    void aNodeOpenToTheNetworkWantsASecret() {
        Path arena = folder.resolve("arena");
        NodeConfig config = NodeConfig.of(
                BtdConfig.embedded(arena, 8L << 20),
                List.of(Endpoint.parse("uds:" + folder.resolve("s")), Endpoint.parse("tcp:0.0.0.0:0")));
        assertThatThrownBy(() -> Node.start(config, () -> true))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("endpoint=tcp:0.0.0.0:0")
                .hasMessageContaining("secret");
        assertThat(Files.exists(arena)).isFalse();
        Loopback.check(config.withSecret("sixteen characters and more"));
        Loopback.check(new NodeConfig(
                config.arena(),
                config.listen(),
                "btd",
                Duration.ofSeconds(1),
                Optional.empty(),
                true,
                10,
                16,
                Optional.empty()));
    }

    @Test
    void whatCannotBeListenedOnLeavesNothingBehind() {
        NodeConfig config = NodeConfig.of(
                BtdConfig.embedded(folder.resolve("arena"), 8L << 20),
                List.of(Endpoint.parse("uds:" + folder.resolve("s")), Endpoint.parse("uds:/proc/none/s")));
        assertThatThrownBy(() -> Node.start(config, () -> true)).isInstanceOf(InvalidConfig.class);
        NodeConfig second =
                NodeConfig.of(config.arena(), List.of(config.listen().getFirst()));
        try (Node node = Node.start(second, () -> true)) {
            assertThat(node.recovery().clean()).isTrue();
        }
    }
}
