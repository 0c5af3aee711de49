// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

final class EpollUdsContractTest extends TransportContractTest {
    EpollUdsContractTest() {
        super(() -> SocketMedium.EPOLL_UDS);
    }
}
