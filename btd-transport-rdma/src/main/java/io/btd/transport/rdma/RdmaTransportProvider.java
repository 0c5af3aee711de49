// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma;

import io.btd.api.BtdException;
import io.btd.api.transport.Transport;
import io.btd.api.transport.TransportOptions;
import io.btd.api.transport.TransportProvider;
import io.btd.transport.rdma.channel.RdmaMedium;
import io.btd.transport.tcp.StreamTransport;

/// Makes the transport `rdma`: `host:port` of an address that an RDMA device has.
public final class RdmaTransportProvider implements TransportProvider {
    /// For [java.util.ServiceLoader].
    public RdmaTransportProvider() {}

    @Override
    public String name() {
        return RdmaMedium.NAME;
    }

    @Override
    public boolean available() {
        return SharedProvider.isUsable();
    }

    /// Before tcp, and behind what does not leave the machine.
    @Override
    public int rank() {
        return 15;
    }

    @Override
    public Transport open(TransportOptions options) {
        SharedProvider provider = SharedProvider.open();
        try {
            return new StreamTransport(new RdmaMedium(provider::close), options);
        } catch (BtdException refused) {
            provider.close();
            throw refused;
        }
    }
}
