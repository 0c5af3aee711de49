// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

final class NioUdsContractTest extends TransportContractTest {
    NioUdsContractTest() {
        super(() -> SocketMedium.NIO_UDS);
    }
}
