// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_RDMA_READ;
import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_RDMA_WRITE;
import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_SEND;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_REM_ACCESS_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_SUCCESS;
import static io.btd.emulator.rdma.TestEndpoint.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import io.btd.transport.rdma.disni.DirectMemory;
import io.btd.transport.rdma.disni.PrivateData;
import io.btd.transport.rdma.disni.RdmaProviders;
import io.btd.transport.rdma.disni.RdmaProviders.OpenProvider;
import io.btd.transport.rdma.disni.RejectingId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the adapter in Java refuses, by way of DiSNI's verbs. Its limits are exactly those asked for; a device may give
/// more.
@Timeout(60)
class SoftwareLimitsTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int MILLIS = 10_000;

    private @Nullable OpenProvider opened;

    @BeforeEach
    void open() {
        opened = RdmaProviders.open("software");
    }

    @AfterEach
    void close() {
        OpenProvider provider = Objects.requireNonNull(opened);
        provider.close();
        assertThat(provider.counts().open()).isEmpty();
    }

    private static RdmaCmId next(RdmaEventChannel channel, EventType type) throws IOException {
        return event(channel, type).getConnIdPriv();
    }

    /// DiSNI's numbers of events are their places.
    @SuppressWarnings("EnumOrdinal")
    private static RdmaCmEvent event(RdmaEventChannel channel, EventType type) throws IOException {
        RdmaCmEvent event = channel.getCmEvent(MILLIS);
        assertThat(EventType.values()[event.getEvent()]).isEqualTo(type);
        event.ackEvent();
        return event;
    }

    /// An id that has found its way to a listener.
    private static RdmaCmId routed(RdmaEventChannel channel, RdmaCmId listener) throws IOException {
        RdmaCmId id = channel.createId(RdmaCm.RDMA_PS_TCP);
        id.resolveAddr(null, listener.getSource(), MILLIS);
        assertThat(next(channel, EventType.RDMA_CM_EVENT_ADDR_RESOLVED)).isSameAs(id);
        id.resolveRoute(MILLIS);
        return next(channel, EventType.RDMA_CM_EVENT_ROUTE_RESOLVED);
    }

    private static RdmaCmId listener(RdmaEventChannel channel) throws IOException {
        RdmaCmId listener = channel.createId(RdmaCm.RDMA_PS_TCP);
        listener.bindAddr(ANY_PORT);
        listener.listen(1);
        return listener;
    }

    /// Two sides that are connected.
    private static List<Side> connected(int completions) throws IOException {
        RdmaEventChannel channel = RdmaEventChannel.createEventChannel();
        Side client = Side.of(routed(channel, listener(channel)), completions);
        client.id().connect(new RdmaConnParam());
        Side server = Side.of(next(channel, EventType.RDMA_CM_EVENT_CONNECT_REQUEST), completions);
        server.id().accept(new RdmaConnParam());
        event(channel, EventType.RDMA_CM_EVENT_ESTABLISHED);
        event(channel, EventType.RDMA_CM_EVENT_ESTABLISHED);
        return List.of(client, server);
    }

    private static IbvSendWR quiet(int opcode) {
        IbvSendWR request = request(opcode, 0);
        request.setSend_flags(0);
        return request;
    }

    @Test
    void aQueueThatNobodyReadsIsFull() throws Exception {
        Side client = connected(8).getFirst();
        client.post(quiet(IBV_WR_RDMA_WRITE), quiet(IBV_WR_RDMA_WRITE));
        assertThatThrownBy(() -> client.post(quiet(IBV_WR_RDMA_WRITE)))
                .as("what is not signalled leaves its place with what is")
                .isInstanceOf(Refused.class)
                .hasMessageContaining("errno=12, accepted=0");
        Side other = connected(8).getFirst();
        other.post(quiet(IBV_WR_RDMA_WRITE), request(IBV_WR_RDMA_WRITE, 5));
        assertThat(other.completions(1)[0].getWr_id()).isEqualTo(5);
        other.post(quiet(IBV_WR_RDMA_WRITE), quiet(IBV_WR_RDMA_WRITE));
        other.receive();
        other.receive();
        assertThatThrownBy(other::receive).hasMessageContaining("ibv_post_recv failed: errno=12");
    }

    @Test
    void whatIsNotConnectedSendsNothing() throws Exception {
        RdmaEventChannel channel = RdmaEventChannel.createEventChannel();
        Side client = Side.of(routed(channel, listener(channel)), 8);
        client.receive();
        assertThatThrownBy(() -> client.post(quiet(IBV_WR_SEND))).hasMessageContaining("errno=22");
    }

    @Test
    void whatIsNotARequestIsRefused() throws Exception {
        Side client = connected(8).getFirst();
        ByteBuffer memory = ByteBuffer.allocateDirect(32);
        IbvSendWR inline = request(IBV_WR_SEND, 1, piece(memory, 17));
        inline.setSend_flags(IbvSendWR.IBV_SEND_INLINE);
        assertThatThrownBy(() -> client.post(inline)).hasMessageContaining("inline=17, limit=16");
        IbvSendWR read = request(IBV_WR_RDMA_READ, 1, piece(memory, 8));
        read.setSend_flags(IbvSendWR.IBV_SEND_INLINE);
        assertThatThrownBy(() -> client.post(read)).hasMessageContaining("opcode=4");
        assertThatThrownBy(() -> client.post(request(IBV_WR_SEND, 1, piece(memory, 1), piece(memory, 1))))
                .hasMessageContaining("pieces=2, limit=1");
        assertThatThrownBy(() -> client.post(quiet(9))).hasMessageContaining("opcode=9");
    }

    private static IbvSge piece(ByteBuffer memory, int length) {
        IbvSge piece = new IbvSge();
        piece.setAddr(DirectMemory.address(memory));
        piece.setLength(length);
        return piece;
    }

    @Test
    void inlineBytesAreTakenAtOnceAndNeedNoKey() throws Exception {
        List<Side> sides = connected(8);
        ByteBuffer target = ByteBuffer.allocateDirect(16);
        IbvMr region = sides.getLast().register(target);
        ByteBuffer source = ByteBuffer.allocateDirect(16).put(0, (byte) 7);
        IbvSendWR write = request(IBV_WR_RDMA_WRITE, 1, piece(source, 16));
        write.setSend_flags(IbvSendWR.IBV_SEND_INLINE | IbvSendWR.IBV_SEND_SIGNALED);
        write.getRdma().setRemote_addr(region.getAddr());
        write.getRdma().setRkey(region.getRkey());
        sides.getFirst().post(write);
        source.put(0, (byte) 8);
        assertThat(sides.getFirst().status()).isEqualTo(IBV_WC_SUCCESS);
        assertThat(target.get(0)).isEqualTo((byte) 7);
    }

    @Test
    void aKeyOfAnotherDomainAndALocalKeyAreWorthNothing() throws Exception {
        List<Side> sides = connected(8);
        IbvMr elsewhere = connected(8).getLast().register(ByteBuffer.allocateDirect(16));
        ByteBuffer source = ByteBuffer.allocateDirect(16);
        IbvSendWR write = request(IBV_WR_RDMA_WRITE, 1, piece(source, 8));
        write.setSend_flags(IbvSendWR.IBV_SEND_INLINE);
        write.getRdma().setRemote_addr(elsewhere.getAddr());
        write.getRdma().setRkey(elsewhere.getRkey());
        sides.getFirst().post(write);
        assertThat(sides.getFirst().status()).isEqualTo(IBV_WC_REM_ACCESS_ERR);
        List<Side> others = connected(8);
        IbvMr region = others.getLast().register(ByteBuffer.allocateDirect(16));
        write.getRdma().setRemote_addr(region.getAddr());
        write.getRdma().setRkey(region.getLkey());
        others.getFirst().post(write);
        assertThat(others.getFirst().status()).isEqualTo(IBV_WC_REM_ACCESS_ERR);
    }

    @Test
    void aCompletionQueueThatRunsOverIsLost() throws Exception {
        List<Side> sides = connected(1);
        sides.getLast().receive();
        sides.getFirst().post(request(IBV_WR_RDMA_WRITE, 1), request(IBV_WR_SEND, 2));
        sides.getLast().completions(1);
        assertThatThrownBy(() -> sides.getFirst().completions(2)).hasMessageContaining("the queue has run over: cqe=1");
    }

    @Test
    void anArmedQueueRingsOnceForWhatComesAfter() throws Exception {
        List<Side> sides = connected(8);
        Side client = sides.getFirst();
        IbvCompChannel channel = client.queue().getChannel();
        client.post(request(IBV_WR_RDMA_WRITE, 1));
        client.completions(1);
        assertThat(channel.getCqEvent(client.queue(), 0)).as("not armed").isFalse();
        client.queue().reqNotification(false).execute();
        client.post(request(IBV_WR_RDMA_WRITE, 2), request(IBV_WR_RDMA_WRITE, 3));
        assertThat(channel.getCqEvent(client.queue(), MILLIS)).isTrue();
        client.queue().ackEvents(1);
        client.completions(2);
        assertThat(channel.getCqEvent(client.queue(), 0)).as("once").isFalse();
        Side server = sides.getLast();
        server.queue().reqNotification(true).execute();
        server.receive();
        server.receive();
        IbvSendWR solicited = request(IBV_WR_SEND, 5);
        solicited.setSend_flags(IbvSendWR.IBV_SEND_SOLICITED | IbvSendWR.IBV_SEND_SIGNALED);
        client.post(request(IBV_WR_SEND, 4));
        client.completions(1);
        assertThat(server.queue().getChannel().getCqEvent(server.queue(), 0)).isFalse();
        client.post(solicited);
        assertThat(server.queue().getChannel().getCqEvent(server.queue(), MILLIS))
                .isTrue();
    }

    @Test
    void privateDataGoesBothWaysAndAReasonComesBack() throws Exception {
        RdmaEventChannel channel = RdmaEventChannel.createEventChannel();
        Side client = Side.of(routed(channel, listener(channel)), 8);
        ByteBuffer data = ByteBuffer.allocateDirect(2).put(0, (byte) 4).put(1, (byte) 2);
        RdmaConnParam parameters = new RdmaConnParam();
        parameters.setPrivate_data(DirectMemory.address(data));
        parameters.setPrivate_data_len((byte) 2);
        client.id().connect(parameters);
        RdmaCmEvent request = event(channel, EventType.RDMA_CM_EVENT_CONNECT_REQUEST);
        assertThat(((PrivateData) request).privateData().get(1)).isEqualTo((byte) 2);
        ((RejectingId) request.getConnIdPriv()).reject(ByteBuffer.wrap(new byte[] {9}));
        RdmaCmEvent rejected = event(channel, EventType.RDMA_CM_EVENT_REJECTED);
        assertThat(rejected.getConnIdPriv()).isSameAs(client.id());
        assertThat(rejected.getStatus()).isEqualTo(28);
        assertThat(((PrivateData) rejected).privateData().get(0)).isEqualTo((byte) 9);
        parameters.setPrivate_data_len((byte) 57);
        assertThatThrownBy(() -> client.id().connect(parameters)).isInstanceOf(IOException.class);
    }

    @Test
    void callsComeInTheirOrder() throws Exception {
        RdmaEventChannel channel = RdmaEventChannel.createEventChannel();
        RdmaCmId listener = listener(channel);
        RdmaCmId second = channel.createId(RdmaCm.RDMA_PS_TCP);
        assertThatThrownBy(() -> second.bindAddr(listener.getSource())).hasMessageContaining("errno=98");
        assertThatThrownBy(() -> second.listen(1)).hasMessageContaining("rdma_listen failed: errno=22, state=IDLE");
        assertThatThrownBy(() -> second.connect(new RdmaConnParam())).hasMessageContaining("errno=22");
        assertThatThrownBy(() -> second.accept(new RdmaConnParam())).hasMessageContaining("errno=22");
        assertThat(second.getVerbs()).isNull();
        assertThat(channel.getCmEvent(0)).isNull();
    }

    @Test
    void aRegionThatAPeerMayWriteIsWritableHere() throws Exception {
        RdmaEventChannel channel = RdmaEventChannel.createEventChannel();
        Side client = Side.of(routed(channel, listener(channel)), 8);
        ByteBuffer memory = ByteBuffer.allocateDirect(8);
        assertThatThrownBy(() ->
                        client.pd().regMr(memory, IbvMr.IBV_ACCESS_REMOTE_WRITE).execute())
                .hasMessageContaining("ibv_reg_mr failed: errno=22");
        assertThatThrownBy(() -> client.pd().regMr(0L, 8, 0).execute()).hasMessageContaining("errno=14");
        assertThatThrownBy(() -> client.pd().regMr(ByteBuffer.allocate(8), 0)).hasMessageContaining("direct buffer");
    }
}
