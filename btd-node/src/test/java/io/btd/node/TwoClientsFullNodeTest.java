// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.PersistenceDomain;
import io.btd.api.transport.Endpoint;
import io.btd.client.RemoteProvider;
import io.btd.gc.Checker;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two clients share a node that has not room enough for both: who comes too late is told what would fit, and served
/// when something was freed, by whomever.
@Timeout(120)
class TwoClientsFullNodeTest {
    private static final long CAPACITY = 16L << 20;
    private static final long MEBIBYTE = 1L << 20;

    @TempDir
    private Path folder;

    private @Nullable Node node;

    private Node start(String transport) {
        Endpoint endpoint = transport.equals("tcp")
                ? new Endpoint("tcp", "127.0.0.1:0")
                : new Endpoint("uds", folder.resolve("node.sock").toString());
        Node started = Node.start(
                NodeConfig.of(
                        BtdConfig.embedded(folder.resolve("arena"), CAPACITY).withDomain(PersistenceDomain.PROCESS),
                        List.of(endpoint)),
                () -> true);
        node = started;
        return started;
    }

    private static BtdCluster client(Node node, String transport) {
        return RemoteProvider.open(BtdConfig.cluster("none:1").withTransport(transport), new FixedMembership(node));
    }

    @AfterEach
    void close() {
        if (node != null) {
            node.close();
            assertThat(Checker.check(folder.resolve("arena")).problems()).isEmpty();
        }
    }

    private static long liveBlocks(Node node) {
        return node.stat().arenas().getFirst().liveBlocks();
    }

    private static Full refused(BtdCluster client, long size) {
        Full full = catchThrowableOfType(Full.class, () -> client.malloc(size, Alloc.OPAQUE));
        assertThat(full).as("malloc of %d bytes", size).isNotNull();
        return full;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "uds"})
    void theSecondLargeRequestWaitsForAFree(String transport) {
        Node full = start(transport);
        try (BtdCluster a = client(full, transport);
                BtdCluster b = client(full, transport)) {
            long half = a.malloc(CAPACITY / 2, Alloc.OPAQUE);
            long first = b.malloc(5 * MEBIBYTE, Alloc.OPAQUE);
            Full refusal = refused(b, 5 * MEBIBYTE);
            assertThat(refusal.largest()).isBetween(MEBIBYTE, 5 * MEBIBYTE - 1);
            assertThat(refusal).hasMessageContaining("largest=" + refusal.largest());
            assertThat(refused(a, 5 * MEBIBYTE).largest()).isEqualTo(refusal.largest());

            long rest = b.malloc(refusal.largest(), Alloc.OPAQUE); // so much is served
            assertThat(b.usableSize(rest)).isGreaterThanOrEqualTo(refusal.largest());
            assertThat(liveBlocks(full)).isEqualTo(3);
            b.free(rest);
            refused(b, 5 * MEBIBYTE);

            b.free(first);
            long second = b.malloc(5 * MEBIBYTE, Alloc.OPAQUE);
            refused(a, 5 * MEBIBYTE);
            a.free(half);
            a.free(a.malloc(5 * MEBIBYTE, Alloc.OPAQUE));
            b.free(second);
            assertThat(liveBlocks(full)).isZero();
        }
        assertThat(full.stat().sessions()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "uds"})
    void whatTheOtherOneFreesIsThereWhenItsHolderKnows(String transport) throws InterruptedException {
        Node full = start(transport);
        try (BtdCluster a = client(full, transport);
                BtdCluster b = client(full, transport)) {
            long half = a.malloc(CAPACITY / 2, Alloc.OPAQUE);
            refused(b, CAPACITY / 2);
            b.free(half);
            assertThatThrownBy(() -> a.free(half)).isInstanceOf(InvalidPointer.class);
            while (full.stat().limbo() > 0) {
                Thread.sleep(1); // until the node has heard from the holder
            }
            long now = b.malloc(CAPACITY / 2, Alloc.OPAQUE);
            refused(a, CAPACITY / 2);
            b.free(now);
            assertThat(liveBlocks(full)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "uds"})
    void whatAClientHeldIsThereWhenItHasGone(String transport) {
        Node full = start(transport);
        try (BtdCluster b = client(full, transport)) {
            try (BtdCluster a = client(full, transport)) {
                a.malloc(CAPACITY / 2, Alloc.OPAQUE);
                refused(b, CAPACITY / 2);
            }
            b.malloc(CAPACITY / 2, Alloc.OPAQUE);
            assertThat(liveBlocks(full)).isEqualTo(1);
        }
        assertThat(liveBlocks(full)).isZero();
    }
}
