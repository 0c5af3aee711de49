// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import io.btd.api.BtdException;
import io.btd.transport.rdma.disni.RdmaProviders;
import io.btd.transport.rdma.disni.RdmaProviders.OpenProvider;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Assumptions;

/// rdma-core, where there is a device. It listens at `btd.rdma.address`, or at the first address of the machine that
/// others can reach.
class VerbsRdmaTest extends RdmaContractTest {
    @Override
    OpenProvider open() {
        try {
            return RdmaProviders.open("verbs");
        } catch (BtdException.InvalidConfig e) {
            return Assumptions.abort("RDMA cannot be used here: " + e.getMessage());
        }
    }

    /// A device takes its time, in the rig above all.
    @Override
    int connections() {
        return 20;
    }

    @Override
    InetAddress host() throws IOException {
        String address = System.getProperty("btd.rdma.address");
        if (address != null) {
            return InetAddress.getByName(address);
        }
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(one -> one instanceof Inet4Address && !one.isLoopbackAddress())
                .findFirst()
                .orElseThrow(() -> new IOException("this machine has no address; set -Dbtd.rdma.address"));
    }
}
