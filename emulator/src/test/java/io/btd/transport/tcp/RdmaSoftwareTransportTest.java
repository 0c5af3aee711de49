// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.transport.rdma.channel.RdmaMedium;
import io.btd.transport.rdma.disni.RdmaProviders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The promises of transports over RDMA, with verbs in software.
final class RdmaSoftwareTransportTest extends TransportContractTest {
    private static RdmaProviders.OpenProvider provider;

    RdmaSoftwareTransportTest() {
        super(() -> new RdmaMedium(() -> {}));
    }

    @BeforeAll
    static void openProvider() {
        provider = RdmaProviders.open("software");
    }

    @AfterAll
    static void closeProvider() {
        provider.close();
    }
}
