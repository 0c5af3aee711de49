// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.channel;

import com.ibm.disni.verbs.IbvWC.IbvWcStatus;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One reliable connection as a channel of Netty. What the device and the fabric tell comes on their threads and is
/// done on the channel's event loop; nothing else touches the connection.
///
/// It ends as a socket does: `shutdownOutput` says that no more comes, behind all that was written, and the peer, which
/// has everything then, closes.
final class RdmaChannel extends StreamChannel {
    private static final System.Logger LOG = System.getLogger(RdmaChannel.class.getName());
    private static final byte MOST_RETRIES = 7;
    private static final int RESOLVE_MILLIS = 2_000;

    /// How long a connection that its peer has left is given to hand over what arrived before, and one that is closed
    /// for what is on its way.
    private static final long LEAVING_MILLIS = 5_000;

    private final Fabric fabric;
    private final Runnable endAtShutdown = this::end;
    private final Runnable atShutdown = this::closeNow;

    private final Queue<Completion> completions = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    private volatile Stage stage = Stage.NEW;
    private volatile @Nullable RdmaCmId id;

    // Of the event loop.
    private final ArrayDeque<RdmaStream.Arrived> arrived = new ArrayDeque<>();
    private @Nullable RdmaStream stream;
    private @Nullable ChannelPromise connecting;
    private @Nullable Future<?> timer;
    private boolean reading;
    private boolean delivering;
    private boolean finishing;
    private boolean writing;
    private boolean left;
    private boolean lingering;

    private enum Stage {
        NEW,
        CONNECTING,
        OPEN,
        CLOSED
    }

    /// What the device told.
    private record Completion(long work, int status, int bytes) {
        /// `IBV_WC_SUCCESS`.
        boolean succeeded() {
            return status == 0;
        }

        /// `IBV_WC_WR_FLUSH_ERR`.
        boolean wasFlushed() {
            return status == 5;
        }
    }

    /// A channel that is to connect.
    RdmaChannel(Fabric fabric) {
        super(null);
        this.fabric = fabric;
    }

    /// The channel of a request that a listener was sent; accepted when the channel has its event loop.
    RdmaChannel(RdmaServerChannel listener, Fabric fabric, RdmaCmId request) {
        super(listener);
        this.fabric = fabric;
        id = request;
        fabric.listen(request, this::heard);
    }

    // --- what Netty asks

    @Override
    public boolean isOpen() {
        return stage != Stage.CLOSED;
    }

    @Override
    public boolean isActive() {
        return stage == Stage.OPEN;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        RdmaCmId known = id;
        try {
            return known == null ? null : known.getSource();
        } catch (IOException gone) {
            return null;
        }
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        RdmaCmId known = id;
        try {
            return known == null ? null : known.getDestination();
        } catch (IOException gone) {
            return null;
        }
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        ((SingleThreadEventExecutor) eventLoop()).addShutdownHook(atShutdown);
        promise.setSuccess();
        if (id != null) {
            eventLoop().execute(this::accept);
        }
    }

    @Override
    protected void doDeregister() {
        ((SingleThreadEventExecutor) eventLoop()).removeShutdownHook(atShutdown);
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new Connecting();
    }

    // --- connecting

    private final class Connecting extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
            if (!promise.setUncancellable() || !ensureOpen(promise)) {
                return;
            }
            connecting = promise;
            stage = Stage.CONNECTING;
            timer = eventLoop()
                    .schedule(
                            () -> refuse(new ConnectTimeoutException("no answer in time: remote=" + remote)),
                            config().getConnectTimeoutMillis(),
                            TimeUnit.MILLISECONDS);
            try {
                RdmaCmId made = fabric.newId(RdmaChannel.this::heard);
                id = made;
                made.resolveAddr(local, remote, RESOLVE_MILLIS);
            } catch (IOException | RuntimeException refused) {
                refuse(refused);
            }
        }

        /// Writes what waits, now that there is room.
        @Override
        protected void flush0() {
            super.flush0();
        }

        private void refuse(Exception why) {
            ChannelPromise promise = connecting;
            connecting = null;
            close(voidPromise());
            if (promise != null) {
                promise.tryFailure(why);
            }
        }
    }

    private void refuse(Exception why) {
        if (connecting != null) {
            ((Connecting) unsafe()).refuse(why);
        } else {
            fail(why);
        }
    }

    /// The fabric's thread.
    private void heard(EventType type, int status, @Nullable RdmaCmId fresh) {
        try {
            eventLoop().execute(() -> happened(type, status));
        } catch (RejectedExecutionException | IllegalStateException gone) {
            // the channel is closed, or nobody took it
        }
    }

    private void happened(EventType type, int status) {
        RdmaCmId known = id;
        if (known == null) {
            return;
        }
        if (stage == Stage.CLOSED) {
            if (type == EventType.RDMA_CM_EVENT_DISCONNECTED) {
                end();
            }
            return;
        }
        try {
            switch (type) {
                case RDMA_CM_EVENT_ADDR_RESOLVED -> known.resolveRoute(RESOLVE_MILLIS);
                case RDMA_CM_EVENT_ROUTE_RESOLVED -> {
                    open(known);
                    known.connect(handshake());
                }
                case RDMA_CM_EVENT_ESTABLISHED -> established();
                case RDMA_CM_EVENT_DISCONNECTED -> peerLeft();
                case RDMA_CM_EVENT_TIMEWAIT_EXIT, RDMA_CM_EVENT_ADDR_CHANGE -> {
                    // says nothing about this connection's end
                }
                default -> refuse(new ConnectException("connection refused: event=" + type + ", status=" + status));
            }
        } catch (IOException | RuntimeException refused) {
            refuse(refused);
        }
    }

    private void accept() {
        RdmaCmId request = id;
        if (request == null || stage != Stage.NEW) {
            return;
        }
        stage = Stage.CONNECTING;
        try {
            open(request);
            request.accept(handshake());
        } catch (IOException | RuntimeException refused) {
            fail(refused);
        }
    }

    private void open(RdmaCmId known) throws IOException {
        Completions home = fabric.completions(known);
        int connection = fabric.newConnection();
        home.add(connection, this);
        try {
            stream = new RdmaStream(connection, known, home);
        } catch (IOException | RuntimeException refused) {
            home.release(connection);
            throw refused;
        }
    }

    /// With the library's own 0 one lost acknowledgement would end the connection.
    private static RdmaConnParam handshake() throws IOException {
        RdmaConnParam parameters = new RdmaConnParam();
        parameters.setRetry_count(MOST_RETRIES);
        parameters.setRnr_retry_count(MOST_RETRIES);
        return parameters;
    }

    private void established() throws IOException {
        if (stage != Stage.CONNECTING) {
            return;
        }
        stage = Stage.OPEN;
        stopTimer();
        ChannelPromise promise = connecting;
        connecting = null;
        if (promise != null) {
            promise.trySuccess();
        }
        pipeline().fireChannelActive();
        deliver();
    }

    // --- completions

    /// The thread of the completion queue.
    void completed(long work, int status, int bytes) {
        completions.add(new Completion(work, status, bytes));
        if (scheduled.compareAndSet(false, true)) {
            onLoop(this::drain);
        }
    }

    /// The thread of the completion queue: it will tell no more.
    void failed(String why) {
        onLoop(() -> fail(new IOException(why)));
    }

    private void onLoop(Runnable work) {
        try {
            eventLoop().execute(work);
        } catch (RejectedExecutionException ended) {
            // the loop has closed the channel before
        }
    }

    private void drain() {
        scheduled.set(false);
        if (stage == Stage.CLOSED) {
            seeOff();
            return;
        }
        RdmaStream open = stream;
        boolean room = false;
        try {
            for (Completion one = completions.poll(); one != null && open != null; one = completions.poll()) {
                room |= take(open, one);
            }
            deliver();
            if (open == stream && open != null && stage == Stage.OPEN) {
                goOn(open, room);
            }
        } catch (IOException broken) {
            fail(broken);
        }
    }

    /// Says whether there may be room to send.
    private boolean take(RdmaStream open, Completion one) throws IOException {
        boolean sent = WorkId.isSent(one.work());
        if (one.succeeded()) {
            if (sent) {
                open.sent(WorkId.which(one.work()));
                return true;
            }
            RdmaStream.Arrived message = open.received(WorkId.which(one.work()), one.bytes());
            if (message.bytes() == 0 && !message.last()) {
                open.recycle(message);
            } else {
                arrived.add(message);
            }
            return true;
        }
        if (!sent) {
            open.flushed();
        }
        if (!one.wasFlushed()) {
            throw new IOException("connection broke: status=" + IbvWcStatus.valueOf(one.status()));
        }
        peerLeft();
        return false;
    }

    private void goOn(RdmaStream open, boolean room) throws IOException {
        if (room && !isOutputShutdown()) {
            ChannelOutboundBuffer out = unsafe().outboundBuffer();
            if (out != null && !out.isEmpty()) {
                ((Connecting) unsafe()).flush0();
            }
        }
        if (stage == Stage.OPEN) {
            if (finishing && open.finish()) {
                finishing = false;
            }
            open.payCredits();
        }
    }

    // --- reading

    @Override
    protected void doBeginRead() {
        reading = true;
        if (!arrived.isEmpty() && !delivering) {
            eventLoop().execute(this::drain);
        }
    }

    private void deliver() throws IOException {
        RdmaStream open = stream;
        if (delivering || stage != Stage.OPEN || open == null) {
            return;
        }
        delivering = true;
        boolean end = false;
        try {
            while ((reading || left) && !arrived.isEmpty() && !end && stage == Stage.OPEN) {
                reading = false;
                while (!arrived.isEmpty() && !end && stage == Stage.OPEN) {
                    end = hand(open, arrived.remove());
                }
                pipeline().fireChannelReadComplete();
            }
        } finally {
            delivering = false;
        }
        if (end || left && arrived.isEmpty() && open.isDry()) {
            closeNow();
        }
    }

    /// Says whether it was the last message.
    private boolean hand(RdmaStream open, RdmaStream.Arrived message) throws IOException {
        if (message.bytes() > 0) {
            ByteBuf copy = config().getAllocator().directBuffer(message.bytes());
            copy.writeBytes(open.bytes(message));
            if (!left) {
                open.recycle(message);
            }
            pipeline().fireChannelRead(copy);
        }
        return message.last();
    }

    // --- writing

    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws Exception {
        RdmaStream open = stream;
        if (open != null && !left) {
            writing = true;
            try {
                open.write(out);
            } finally {
                writing = false;
            }
            finishing = finishing && !open.finish();
        }
    }

    @Override
    void endOutput() throws IOException {
        RdmaStream open = stream;
        // Who waits for the last write may end the output within it, before it was posted.
        finishing = open != null && !left && (writing || !open.finish());
    }

    // --- ends

    /// The peer has gone. What arrived before is handed over first: the rest of the places is flushed behind it.
    private void peerLeft() throws IOException {
        RdmaCmId known = id;
        if (left || known == null) {
            return;
        }
        left = true;
        if (stage != Stage.OPEN) {
            refuse(new ConnectException("peer left before the connection was open"));
            return;
        }
        timer = eventLoop().schedule(this::closeNow, LEAVING_MILLIS, TimeUnit.MILLISECONDS);
        disconnect(known);
        deliver();
    }

    private void fail(Exception why) {
        if (stage != Stage.CLOSED) {
            if (stage == Stage.OPEN) {
                pipeline().fireExceptionCaught(why instanceof IOException ? why : new IOException(why));
            }
            closeNow();
        }
    }

    private void closeNow() {
        unsafe().close(unsafe().voidPromise());
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    @Override
    protected void doDisconnect() throws Exception {
        doClose();
    }

    @Override
    protected void doClose() throws Exception {
        stage = Stage.CLOSED;
        stopTimer();
        ChannelPromise promise = connecting;
        connecting = null;
        if (promise != null) {
            promise.tryFailure(new ChannelException("closed while connecting"));
        }
        RdmaStream open = stream;
        if (open != null && open.isSending() && !left) {
            lingering = true; // ending it now would take from the peer what has not arrived.
            timer = eventLoop().schedule(this::end, LEAVING_MILLIS, TimeUnit.MILLISECONDS);
            ((SingleThreadEventExecutor) eventLoop()).addShutdownHook(endAtShutdown);
        } else {
            end();
        }
    }

    /// The channel is closed: waits for what is on its way to arrive, and for nothing else.
    private void seeOff() {
        RdmaStream open = stream;
        for (Completion one = completions.poll(); one != null; one = completions.poll()) {
            if (!one.succeeded()) {
                end();
            } else if (open != null && WorkId.isSent(one.work())) {
                open.sent(WorkId.which(one.work()));
            }
        }
        if (open != null && !open.isSending()) {
            end();
        }
    }

    /// Gives everything back. A second call does nothing.
    private void end() {
        stopTimer();
        RdmaStream open = stream;
        RdmaCmId known = id;
        stream = null;
        id = null;
        if (known == null) {
            return;
        }
        if (lingering) {
            ((SingleThreadEventExecutor) eventLoop()).removeShutdownHook(endAtShutdown);
        }
        try {
            if (open != null) {
                disconnect(known);
                open.close();
            }
        } finally {
            destroy(known);
        }
    }

    private static void disconnect(RdmaCmId known) {
        try {
            known.disconnect();
        } catch (IOException already) {
            // it was never connected, or is not any more
        }
    }

    private void destroy(RdmaCmId known) {
        try {
            fabric.destroy(known);
        } catch (IOException refused) {
            LOG.log(Level.WARNING, "connection could not be destroyed: channel=" + this, refused);
        }
    }
}
