// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.transport.Endpoint;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;

/// The contract over RDMA, with verbs in software.
class RdmaSoftwareContractTest extends RemoteContractTest {
    @BeforeAll
    static void chooseProvider() {
        System.setProperty("btd.rdma.provider", "software");
    }

    @Override
    Endpoint listen(Path folder) {
        return new Endpoint("rdma", "127.0.0.1:0");
    }
}
