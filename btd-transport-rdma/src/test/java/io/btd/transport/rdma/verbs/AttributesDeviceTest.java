// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException.InvalidConfig;
import io.btd.transport.rdma.ResourceCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What a device says of itself, held against what the kernel says of it.
@OnDevice
class AttributesDeviceTest {
    private static final Path KERNEL = Path.of("/sys/class/infiniband", Loopback.deviceName());

    private static String kernel(String file) throws IOException {
        return Files.readString(KERNEL.resolve(file)).strip();
    }

    @Test
    void theDeviceIsListed() throws Exception {
        try (Verbs verbs = Verbs.open(new ResourceCounts())) {
            assertThat(verbs.deviceNames()).contains(Loopback.deviceName());
            assertThatThrownBy(() -> verbs.openDevice("absent0"))
                    .isInstanceOf(InvalidConfig.class)
                    .hasMessageContaining("device=absent0; take one of")
                    .hasMessageContaining(Loopback.deviceName());
        }
    }

    @Test
    void theDevice() throws Exception {
        try (Verbs verbs = Verbs.open(new ResourceCounts());
                DeviceContext device = verbs.openDevice(Loopback.deviceName())) {
            DeviceAttributes attributes = device.attributes();
            assertThat(attributes.ports()).isEqualTo(1);
            assertThat(attributes.maxQueuePairs()).isPositive();
            assertThat(attributes.maxRequests()).isPositive();
            assertThat(attributes.maxPieces()).isPositive();
            assertThat(attributes.maxCompletions()).isPositive();
            assertThat(attributes.maxRegions()).isPositive();
            assertThat(attributes.maxRegionBytes()).isGreaterThanOrEqualTo(1L << 30);
            assertThat(attributes.maxReadsAccepted()).isPositive();
            assertThat(attributes.hasAtomics()).isTrue();
        }
    }

    @Test
    void thePort() throws Exception {
        try (Verbs verbs = Verbs.open(new ResourceCounts());
                DeviceContext device = verbs.openDevice(Loopback.deviceName())) {
            PortAttributes port = device.port(1);
            assertThat(port.active()).isEqualTo(kernel("ports/1/state").equals("4: ACTIVE"));
            assertThat(port.ethernet()).isEqualTo(kernel("ports/1/link_layer").equals("Ethernet"));
            assertThat(port.mtu()).isBetween(256, 4096);
            assertThat(port.maxMessageBytes()).isGreaterThanOrEqualTo(1 << 20);
            assertThatThrownBy(() -> device.port(99)).isInstanceOf(VerbsException.class);
        }
    }
}
