// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.transport.Endpoint;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/// The contract over RDMA on a device: in the rig, or wherever `RIG_ADDRESS` is the address of one.
@EnabledIfEnvironmentVariable(
        named = "RIG_ADDRESS",
        matches = ".+",
        disabledReason = "no RDMA device: RIG_ADDRESS is not set; see docs/guide/rdma.md")
class RdmaContractDeviceTest extends RemoteContractTest {
    @BeforeAll
    static void chooseProvider() {
        System.setProperty("btd.rdma.provider", "verbs");
    }

    @Override
    Endpoint listen(Path folder) {
        return new Endpoint("rdma", System.getenv("RIG_ADDRESS") + ":0");
    }

    @Override
    Optional<String> secret() {
        return Optional.of("shared by node and client");
    }
}
