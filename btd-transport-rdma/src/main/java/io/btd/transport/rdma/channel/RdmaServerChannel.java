// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.channel;

import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Listens for connections.
final class RdmaServerChannel extends AbstractServerChannel {
    private static final System.Logger LOG = System.getLogger(RdmaServerChannel.class.getName());
    private static final int BACKLOG = 1024;

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final Fabric fabric;
    private volatile @Nullable RdmaCmId id;
    private volatile boolean closed;

    RdmaServerChannel(Fabric fabric) {
        this.fabric = fabric;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public boolean isActive() {
        return id != null && !closed;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof SingleThreadEventLoop;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        RdmaCmId bound = id;
        try {
            return bound == null ? null : bound.getSource();
        } catch (IOException gone) {
            return null;
        }
    }

    @Override
    protected void doBind(SocketAddress local) throws Exception {
        RdmaCmId made = fabric.newId(this::heard);
        try {
            made.bindAddr(local);
            made.listen(BACKLOG);
        } catch (IOException | RuntimeException refused) {
            fabric.destroy(made);
            throw refused;
        }
        id = made;
    }

    /// The fabric's thread.
    private void heard(EventType type, int status, @Nullable RdmaCmId fresh) {
        if (fresh == null) {
            LOG.log(Level.WARNING, "listener was told: event=" + type + ", status=" + status);
            return;
        }
        try {
            eventLoop().execute(() -> accept(fresh));
        } catch (RejectedExecutionException ended) {
            destroy(fresh);
        }
    }

    private void accept(RdmaCmId fresh) {
        if (closed) {
            destroy(fresh);
            return;
        }
        pipeline().fireChannelRead(new RdmaChannel(this, fabric, fresh));
        pipeline().fireChannelReadComplete();
    }

    private void destroy(RdmaCmId fresh) {
        try {
            fabric.destroy(fresh);
        } catch (IOException refused) {
            LOG.log(Level.WARNING, "request for a connection could not be dropped", refused);
        }
    }

    @Override
    protected void doBeginRead() {
        // requests are taken as they come
    }

    @Override
    protected void doClose() throws Exception {
        closed = true;
        RdmaCmId bound = id;
        if (bound != null) {
            fabric.destroy(bound);
        }
    }
}
