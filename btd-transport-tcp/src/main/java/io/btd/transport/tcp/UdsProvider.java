// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.transport.Transport;
import io.btd.api.transport.TransportOptions;
import io.btd.api.transport.TransportProvider;

/// Makes the transport `uds`: Unix domain sockets, named by the path of a socket file. Ranks above `tcp`, because on
/// the same machine it costs less.
public final class UdsProvider implements TransportProvider {
    static final String NAME = "uds";

    /// For [java.util.ServiceLoader].
    public UdsProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean available() {
        return SocketMedium.udsAvailable();
    }

    @Override
    public boolean leavesMachine() {
        return false;
    }

    @Override
    public int rank() {
        return 20;
    }

    @Override
    public Transport open(TransportOptions options) {
        return new StreamTransport(SocketMedium.uds(), options);
    }
}
