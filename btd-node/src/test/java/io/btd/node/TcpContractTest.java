// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.transport.Endpoint;
import java.nio.file.Path;

/// The contract over TCP on loopback.
class TcpContractTest extends RemoteContractTest {

    @Override
    Endpoint listen(Path folder) {
        return new Endpoint("tcp", "127.0.0.1:0");
    }
}
