// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

final class NioTcpContractTest extends TransportContractTest {
    NioTcpContractTest() {
        super(() -> SocketMedium.NIO_TCP);
    }
}
