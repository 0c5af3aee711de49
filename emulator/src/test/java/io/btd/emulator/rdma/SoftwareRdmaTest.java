// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import io.btd.transport.rdma.disni.RdmaProviders;
import io.btd.transport.rdma.disni.RdmaProviders.OpenProvider;
import java.net.InetAddress;

/// The provider in Java.
class SoftwareRdmaTest extends RdmaContractTest {
    @Override
    OpenProvider open() {
        return RdmaProviders.open("software");
    }

    @Override
    InetAddress host() {
        return InetAddress.getLoopbackAddress();
    }
}
