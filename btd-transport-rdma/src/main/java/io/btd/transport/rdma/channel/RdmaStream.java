// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.channel;

import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.RdmaCmId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;

/// A stream of bytes in both directions over one queue pair, in messages. Used by the connection's event loop only.
///
/// *Credits* are places to receive that the peer has posted: who has none sends nothing, so a receiver is always ready.
/// A place that was emptied is posted again, and the peer learns of it with the next message, or by one of its own
/// when half of the places are owed. The last credit is kept for such a message: so two ends that have sent all they
/// may still tell each other of places, and neither waits for ever.
final class RdmaStream implements AutoCloseable {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CREDITS = 0;
    private static final int FLAGS = 2;
    private static final short LAST = 1;
    private static final byte RELIABLE = 2;

    private final int connection;
    private final RdmaCmId id;
    private final Completions home;
    private final StreamBuffers buffers;
    private final IbvQP pair;

    private int credits = StreamBuffers.RECEIVES;
    private int owed;
    private int posted;
    private int next;
    private int leaving;

    /// A message that arrived.
    ///
    /// @param place where it lies, until that is recycled
    /// @param bytes of the stream, after the header
    /// @param last whether the peer sends no more
    record Arrived(int place, int bytes, boolean last) {}

    /// Makes the queues, and posts every place to receive, so that the peer may begin at once.
    ///
    /// @param home where the connection has a place
    RdmaStream(int connection, RdmaCmId id, Completions home) throws IOException {
        this.connection = connection;
        this.id = id;
        this.home = home;
        buffers = new StreamBuffers(home.domain());
        try {
            pair = id.createQP(home.domain(), wanted(home));
            for (int place = 0; place < StreamBuffers.RECEIVES; place++) {
                post(place);
            }
        } catch (IOException | RuntimeException refused) {
            buffers.close();
            throw refused;
        }
    }

    private static IbvQPInitAttr wanted(Completions home) {
        IbvQPInitAttr wanted = new IbvQPInitAttr();
        wanted.cap().setMax_recv_sge(1);
        wanted.cap().setMax_recv_wr(StreamBuffers.RECEIVES);
        wanted.cap().setMax_send_sge(1);
        wanted.cap().setMax_send_wr(StreamBuffers.SENDS);
        wanted.setQp_type(RELIABLE);
        wanted.setSend_cq(home.queue());
        wanted.setRecv_cq(home.queue());
        return wanted;
    }

    // --- receiving

    private void post(int place) throws IOException {
        IbvRecvWR request = new IbvRecvWR();
        request.setWr_id(WorkId.received(connection, place));
        request.setSg_list(piece(buffers.receive(place), StreamBuffers.MESSAGE));
        request.setNum_sge(1);
        pair.postRecv(List.of(request), null).execute().free();
        posted++;
    }

    @SuppressWarnings({"JdkObsolete", "NonApiType"}) // DiSNI takes no other
    private LinkedList<IbvSge> piece(MemorySegment place, int bytes) {
        return new LinkedList<>(List.of(buffers.piece(place, bytes)));
    }

    /// A message lies in a place.
    ///
    /// @param bytes of it
    Arrived received(int place, int bytes) throws IOException {
        posted--;
        if (bytes < StreamBuffers.HEADER) {
            throw new IOException("message without a header: bytes=" + bytes);
        }
        MemorySegment message = buffers.receive(place);
        credits += Short.toUnsignedInt(message.get(SHORT, CREDITS));
        if (credits > StreamBuffers.RECEIVES) {
            throw new IOException("peer has more places than it may have: places=" + credits);
        }
        return new Arrived(place, bytes - StreamBuffers.HEADER, (message.get(SHORT, FLAGS) & LAST) != 0);
    }

    /// A place was flushed: nothing arrives in it any more.
    void flushed() {
        posted--;
    }

    /// Whether nothing arrives any more.
    boolean isDry() {
        return posted == 0;
    }

    /// The bytes of a message.
    ByteBuffer bytes(Arrived message) {
        return buffers.receive(message.place())
                .asSlice(StreamBuffers.HEADER, message.bytes())
                .asByteBuffer();
    }

    /// The message was taken: its place is posted again.
    void recycle(Arrived message) throws IOException {
        post(message.place());
        owed++;
    }

    // --- sending

    /// So many messages have left.
    void sent(int messages) {
        leaving -= messages;
    }

    /// Whether messages are on their way of which the peer's device has not said that it has them.
    boolean isSending() {
        return leaving > 0;
    }

    private boolean maySend(int spare) {
        return credits > spare && leaving < StreamBuffers.SENDS;
    }

    /// Sends as much as may be sent of what a channel is to write. Many small writes leave in one message, and many
    /// messages by one post, of which the last tells of all.
    void write(ChannelOutboundBuffer out) throws IOException {
        List<IbvSendWR> batch = new ArrayList<>();
        while (!out.isEmpty() && maySend(1)) {
            MemorySegment place = buffers.send(next);
            int bytes = fill(place, out);
            if (bytes > 0) {
                batch.add(message(place, bytes, (short) 0));
            }
        }
        post(batch);
    }

    private static int fill(MemorySegment place, ChannelOutboundBuffer out) {
        ByteBuffer room = place.asByteBuffer().position(StreamBuffers.HEADER);
        while (room.hasRemaining() && out.current() instanceof ByteBuf some) {
            int bytes = Math.min(room.remaining(), some.readableBytes());
            if (bytes == 0) {
                out.remove();
                continue;
            }
            some.getBytes(some.readerIndex(), room.duplicate().limit(room.position() + bytes));
            room.position(room.position() + bytes);
            out.removeBytes(bytes);
        }
        return room.position() - StreamBuffers.HEADER;
    }

    /// Tells the peer of places, when there are enough of them and no message takes them along.
    void payCredits() throws IOException {
        if (owed >= StreamBuffers.RECEIVES / 2 && maySend(0)) {
            post(List.of(message(buffers.send(next), 0, (short) 0)));
        }
    }

    /// Says that nothing more is sent from here; false while that has to wait.
    boolean finish() throws IOException {
        if (!maySend(0)) {
            return false;
        }
        post(List.of(message(buffers.send(next), 0, LAST)));
        return true;
    }

    private IbvSendWR message(MemorySegment place, int bytes, short flags) {
        place.set(SHORT, CREDITS, (short) owed);
        place.set(SHORT, FLAGS, flags);
        owed = 0;
        credits--;
        leaving++;
        next = (next + 1) % StreamBuffers.SENDS;
        IbvSendWR request = new IbvSendWR();
        request.setOpcode(IbvSendWR.IBV_WR_SEND);
        request.setSg_list(piece(place, StreamBuffers.HEADER + bytes));
        request.setNum_sge(1);
        return request;
    }

    private void post(List<IbvSendWR> batch) throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        IbvSendWR last = batch.getLast();
        last.setWr_id(WorkId.sent(connection, batch.size()));
        last.setSend_flags(IbvSendWR.IBV_SEND_SIGNALED);
        for (IbvSendWR before : batch.subList(0, batch.size() - 1)) {
            before.setWr_id(WorkId.sent(connection, 0)); // told of only if it fails
        }
        pair.postSend(batch, null).execute().free();
    }

    /// Destroys the queues, after which the device touches no place, and gives the memory back.
    @Override
    public void close() {
        try {
            id.destroyQP();
        } catch (IOException refused) {
            throw new IllegalStateException("queues of a connection could not be destroyed", refused);
        } finally {
            home.release(connection);
            buffers.close();
        }
    }
}
