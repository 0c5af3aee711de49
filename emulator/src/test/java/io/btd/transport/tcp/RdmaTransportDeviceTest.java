// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.transport.rdma.channel.RdmaMedium;
import io.btd.transport.rdma.disni.RdmaProviders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/// The promises of transports over RDMA on a device: in the rig, or wherever `RIG_ADDRESS` is the address of one.
@EnabledIfEnvironmentVariable(
        named = "RIG_ADDRESS",
        matches = ".+",
        disabledReason = "no RDMA device: RIG_ADDRESS is not set; see docs/guide/rdma.md")
final class RdmaTransportDeviceTest extends TransportContractTest {
    private static RdmaProviders.OpenProvider provider;

    RdmaTransportDeviceTest() {
        super(() -> new RdmaMedium(() -> {}));
    }

    @BeforeAll
    static void openProvider() {
        System.setProperty(Pair.HOST, System.getenv("RIG_ADDRESS"));
        provider = RdmaProviders.open("verbs");
    }

    @AfterAll
    static void closeProvider() {
        provider.close();
        System.clearProperty(Pair.HOST);
    }
}
