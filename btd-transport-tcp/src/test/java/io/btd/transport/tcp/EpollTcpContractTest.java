// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

final class EpollTcpContractTest extends TransportContractTest {
    EpollTcpContractTest() {
        super(Medium.EPOLL_TCP);
    }
}
