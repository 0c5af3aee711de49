// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.channel;

import io.btd.api.BtdException;
import io.btd.transport.tcp.Addresses;
import io.btd.transport.tcp.InetAddresses;
import io.btd.transport.tcp.Medium;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;

/// Reliable RDMA connections, by whatever provider DiSNI has.
public final class RdmaMedium implements Medium {
    /// The transport's name.
    public static final String NAME = "rdma";

    private final Fabric fabric;
    private final Runnable end;
    private final Addresses addresses = new InetAddresses(NAME);

    /// A medium of its own, with its own threads.
    ///
    /// @param end is run when nothing of it is left
    /// @throws BtdException.InvalidConfig where the provider refuses
    public RdmaMedium(Runnable end) {
        this.end = end;
        try {
            fabric = new Fabric("btd-" + NAME);
        } catch (IOException refused) {
            throw new BtdException.InvalidConfig(
                    "RDMA cannot be used: reason=" + refused.getMessage(), "use transport=tcp, or mend that");
        }
    }

    @Override
    public String transport() {
        return NAME;
    }

    /// The channels' events come from other threads, which wake the loop as any task does.
    @Override
    public IoHandlerFactory io() {
        return NioIoHandler.newFactory();
    }

    @Override
    public ChannelFactory<? extends Channel> connecting() {
        return () -> new RdmaChannel(fabric);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> listening() {
        return () -> new RdmaServerChannel(fabric);
    }

    @Override
    public Addresses addresses() {
        return addresses;
    }

    @Override
    public void close() {
        fabric.close();
        end.run();
    }
}
