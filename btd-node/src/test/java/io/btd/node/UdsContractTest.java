// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.transport.Endpoint;
import java.nio.file.Path;

/// The contract over a Unix domain socket.
class UdsContractTest extends RemoteContractTest {
    private int sockets;

    @Override
    Endpoint listen(Path folder) {
        return new Endpoint("uds", folder.resolve("node-" + sockets++ + ".sock").toString());
    }
}
