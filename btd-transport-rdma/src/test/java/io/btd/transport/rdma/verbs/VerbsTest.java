// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.btd.api.BtdException;
import io.btd.transport.rdma.ResourceCounts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The real libraries, as far as they go without a device.
class VerbsTest {
    private final ResourceCounts counts = new ResourceCounts();
    private @Nullable Verbs opened;

    @BeforeEach
    void open() {
        try {
            opened = Verbs.open(counts);
        } catch (BtdException.InvalidConfig e) {
            Assumptions.abort("rdma-core cannot be used here: " + e.getMessage());
        }
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
        assertThat(counts.open()).isEmpty();
    }

    private Verbs verbs() {
        return Objects.requireNonNull(opened);
    }

    private static void assumeNoDevice() {
        assumeThat(Files.exists(Path.of("/sys/class/infiniband")))
                .as("this machine has RDMA devices, or could have")
                .isFalse();
    }

    @Test
    void namesAreThoseOfTheKernel() throws Exception {
        Path folder = Path.of("/sys/class/infiniband");
        if (Files.isDirectory(folder)) {
            try (var devices = Files.list(folder)) {
                assertThat(verbs().deviceNames())
                        .containsExactlyInAnyOrderElementsOf(
                                devices.map(path -> Objects.requireNonNull(path.getFileName())
                                                .toString())
                                        .toList());
            }
        } else {
            assertThat(verbs().deviceNames()).isEmpty();
        }
    }

    @Test
    void withoutADeviceNoneCanBeOpened() {
        assumeNoDevice();
        assertThatThrownBy(() -> verbs().openDevice("rxe0"))
                .isInstanceOf(BtdException.InvalidConfig.class)
                .hasMessageContaining("there is no RDMA device: call=ibv_get_device_list")
                .hasMessageContaining("rdma link add rxe0 type rxe netdev eth0");
    }

    @Test
    void withoutADeviceThereAreNoEvents() {
        assumeNoDevice();
        assertThatThrownBy(() -> verbs().openEventChannel())
                .isInstanceOf(BtdException.InvalidConfig.class)
                .hasMessageContaining("there is no RDMA device: call=rdma_create_event_channel")
                .hasMessageContaining("rdma link add rxe0 type rxe netdev eth0");
    }

    @Test
    void whatIsClosedIsOfNoUse() {
        verbs().close();
        assertThatThrownBy(() -> verbs().deviceNames()).isInstanceOf(BtdException.Closed.class);
        assertThatThrownBy(() -> verbs().openEventChannel()).isInstanceOf(BtdException.Closed.class);
        assertThatThrownBy(() -> verbs().openDevice("rxe0")).isInstanceOf(BtdException.Closed.class);
    }

    private static MemorySegment context() {
        MemorySegment context = Arena.ofAuto().allocate(Structures.CONTEXT);
        set(context, "abi_compat", -1L);
        Structures.handle(Structures.CONTEXT, "num_comp_vectors").set(context, 0L, 1);
        set(context, "ops.poll_cq", 0x1000);
        set(context, "ops.req_notify_cq", 0x2000);
        set(context, "ops.post_send", 0x3000);
        set(context, "ops.post_recv", 0x4000);
        return context;
    }

    private static void set(MemorySegment context, String field, long value) {
        Structures.handle(Structures.CONTEXT, field).set(context, 0L, value);
    }

    @Test
    void theDeviceOfAConnectionIsKnownByItsAddress() throws VerbsException {
        MemorySegment context = context();
        DeviceContext device = verbs().deviceOfConnection(context.address());
        assertThat(verbs().deviceOfConnection(context.address())).isSameAs(device);
        assertThat(device.function("poll_cq").address()).isEqualTo(0x1000);
        assertThat(device.function("post_recv").address()).isEqualTo(0x4000);
        device.close();
        DeviceContext again = verbs().deviceOfConnection(context.address());
        assertThat(again).isNotSameAs(device);
        assertThat(counts.open()).as("librdmacm has opened it").isEmpty();
    }

    @Test
    void aContextOfAnotherVersionIsRefused() throws VerbsException {
        MemorySegment context = context();
        set(context, "abi_compat", 0);
        assertThatThrownBy(() -> verbs().deviceOfConnection(context.address()))
                .isInstanceOf(BtdException.InvalidConfig.class)
                .hasMessageContaining("structure=ibv_context, field=abi_compat, expected=-1, found=0");
        set(context, "abi_compat", -1);
        set(context, "ops.post_send", 0);
        assertThatThrownBy(() -> verbs().deviceOfConnection(context.address()))
                .hasMessageContaining("field=ops.post_send");
        set(context, "ops.post_send", 0x3000);
        assertThat(verbs().deviceOfConnection(context.address()).isClosed()).isFalse();
    }
}
