// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.transport.Endpoint;
import java.nio.file.Path;

class NodeUdsContractTest extends NodeWireContractTest {

    @Override
    Endpoint listen(Path folder) {
        return new Endpoint("uds", folder.resolve("node.sock").toString());
    }
}
