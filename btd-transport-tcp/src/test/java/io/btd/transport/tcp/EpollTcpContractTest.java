// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

final class EpollTcpContractTest extends TransportContractTest {
    EpollTcpContractTest() {
        super(() -> SocketMedium.EPOLL_TCP);
    }
}
