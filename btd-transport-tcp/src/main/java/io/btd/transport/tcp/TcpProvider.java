// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.transport.Transport;
import io.btd.api.transport.TransportOptions;
import io.btd.api.transport.TransportProvider;

/// Makes the transport `tcp`: `host:port`, `[address]:port`.
public final class TcpProvider implements TransportProvider {
    static final String NAME = "tcp";

    /// For [java.util.ServiceLoader].
    public TcpProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public int rank() {
        return 10;
    }

    @Override
    public Transport open(TransportOptions options) {
        return new StreamTransport(SocketMedium.tcp(), options);
    }
}
