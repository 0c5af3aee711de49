// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.transport.Endpoint;
import java.nio.file.Path;

class NodeTcpContractTest extends NodeWireContractTest {

    @Override
    Endpoint listen(Path folder) {
        return new Endpoint("tcp", "127.0.0.1:0");
    }
}
