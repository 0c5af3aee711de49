// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP;
import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD;
import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_RDMA_READ;
import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_RDMA_WRITE;
import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM;
import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_SEND;
import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_SEND_WITH_IMM;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_SUCCESS;
import static io.btd.emulator.rdma.TestEndpoint.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.darpc.DaRPCClientEndpoint;
import com.ibm.darpc.DaRPCClientGroup;
import com.ibm.darpc.DaRPCFuture;
import com.ibm.darpc.DaRPCServerEndpoint;
import com.ibm.darpc.DaRPCServerGroup;
import com.ibm.darpc.DaRPCStream;
import com.ibm.disni.RdmaServerEndpoint;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPostSend;
import io.btd.emulator.rdma.EchoService.Count;
import io.btd.transport.rdma.ResourceKind;
import io.btd.transport.rdma.disni.SendWork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What a provider of RDMA does for DiSNI's endpoints and DaRPC, whichever it is.
abstract class RdmaContractTest extends RdmaErrorsContractTest {
    @Test
    void aMessageIsReceived() throws Exception {
        try (Ends.Pair pair = ends().connect()) {
            pair.server().receive(7, pair.server().piece(0, 8), pair.server().piece(64, 100));
            pair.client().memory().putLong(0, 11).putLong(32, 12);
            pair.client()
                    .post(request(
                            IBV_WR_SEND,
                            3,
                            pair.client().piece(0, 8),
                            pair.client().piece(32, 8)));
            IbvWC sent = pair.client().completion();
            assertThat(sent.getStatus()).isZero();
            assertThat(sent.getWr_id()).isEqualTo(3);
            assertThat(sent.getOpcode()).isEqualTo(IbvWC.IbvWcOpcode.IBV_WC_SEND.getOpcode());
            IbvWC received = pair.server().completion();
            assertThat(received.getStatus()).isZero();
            assertThat(received.getWr_id()).isEqualTo(7);
            assertThat(received.getByte_len()).isEqualTo(16);
            assertThat(received.getOpcode()).isEqualTo(IbvWC.IbvWcOpcode.IBV_WC_RECV.getOpcode());
            assertThat(received.getQp_num()).isEqualTo(pair.server().getQp().getQp_num());
            assertThat(pair.server().memory().getLong(0)).isEqualTo(11);
            assertThat(pair.server().memory().getLong(64)).isEqualTo(12);
        }
    }

    @Test
    void memoryIsWrittenAndRead() throws Exception {
        try (Ends.Pair pair = ends().connect()) {
            TestEndpoint client = pair.client();
            client.memory().putLong(0, 0x1122334455667788L);
            client.post(
                    request(IBV_WR_RDMA_WRITE, 1, pair.server(), 512, client.piece(0, 8)),
                    request(IBV_WR_RDMA_READ, 2, pair.server(), 512, client.piece(128, 8)));
            assertThat(client.status()).isEqualTo(IBV_WC_SUCCESS);
            assertThat(client.completion().getOpcode()).isEqualTo(IbvWC.IbvWcOpcode.IBV_WC_RDMA_READ.getOpcode());
            assertThat(client.memory().getLong(128)).isEqualTo(0x1122334455667788L);
            assertThat(pair.server().memory().getLong(512)).isEqualTo(0x1122334455667788L);
        }
    }

    @Test
    void aPreparedRequestIsPostedAsItIsThen() throws Exception {
        try (Ends.Pair pair = ends().connect()) {
            TestEndpoint client = pair.client();
            client.memory().putLong(0, 1).putLong(8, 2);
            SVCPostSend call =
                    client.postSend(List.of(request(IBV_WR_RDMA_WRITE, 1, pair.server(), 0, client.piece(0, 8))));
            call.execute();
            assertThat(client.completion().getWr_id()).isEqualTo(1);
            call.getWrMod(0).setWr_id(2);
            call.getWrMod(0).getSgeMod(0).setAddr(client.region().getAddr() + 8);
            call.getWrMod(0).getRdmaMod().setRemote_addr(pair.server().region().getAddr() + 16);
            call.execute().free();
            assertThat(client.completion().getWr_id()).isEqualTo(2);
            assertThat(pair.server().memory().getLong(0)).isEqualTo(1);
            assertThat(pair.server().memory().getLong(16)).isEqualTo(2);
        }
    }

    @Test
    void atomicsHaveOperands() throws Exception {
        try (Ends.Pair pair = ends().connect()) {
            TestEndpoint client = pair.client();
            pair.server().memory().putLong(8, 40);
            IbvSendWR add = request(IBV_WR_ATOMIC_FETCH_AND_ADD, 1, pair.server(), 8, client.piece(0, 8));
            add.getAtomic().setCompare_add(2);
            client.post(add);
            assertThat(client.status()).isEqualTo(IBV_WC_SUCCESS);
            assertThat(client.memory().getLong(0)).isEqualTo(40);
            IbvSendWR swap = request(IBV_WR_ATOMIC_CMP_AND_SWP, 2, pair.server(), 8, client.piece(0, 8));
            swap.getAtomic().setCompare_add(41);
            swap.getAtomic().setSwap(99);
            SVCPostSend call = client.postSend(List.of(swap));
            call.execute();
            assertThat(client.status()).isEqualTo(IBV_WC_SUCCESS);
            assertThat(pair.server().memory().getLong(8)).isEqualTo(42);
            ((SendWork) call.getWrMod(0)).getAtomic().setCompare_add(42);
            call.execute();
            assertThat(client.status()).isEqualTo(IBV_WC_SUCCESS);
            assertThat(client.memory().getLong(0)).isEqualTo(42);
            assertThat(pair.server().memory().getLong(8)).isEqualTo(99);
        }
    }

    @Test
    void numbersGoBesideMessagesAndWrites() throws Exception {
        try (Ends.Pair pair = ends().connect()) {
            pair.server().receive(1);
            pair.server().receive(2);
            IbvSendWR send = request(IBV_WR_SEND_WITH_IMM, 1);
            send.setImm_data(0x01020304);
            IbvSendWR write = request(
                    IBV_WR_RDMA_WRITE_WITH_IMM,
                    2,
                    pair.server(),
                    0,
                    pair.client().piece(0, 4));
            write.setImm_data(-5);
            pair.client().post(send, write);
            IbvWC sent = pair.server().completion();
            assertThat(sent.getImm_data()).isEqualTo(0x01020304);
            assertThat(sent.getByte_len()).isZero();
            IbvWC written = pair.server().completion();
            assertThat(written.getImm_data()).isEqualTo(-5);
            assertThat(written.getOpcode()).isEqualTo(IbvWC.IbvWcOpcode.IBV_WC_RECV_RDMA_WITH_IMM.getOpcode());
        }
    }

    @Test
    void whatIsNotSignalledCompletesInSilence() throws Exception {
        try (Ends.Pair pair = ends().connect()) {
            IbvSendWR quiet = request(
                    IBV_WR_RDMA_WRITE, 1, pair.server(), 0, pair.client().piece(0, 8));
            quiet.setSend_flags(0);
            pair.client()
                    .post(
                            quiet,
                            request(
                                    IBV_WR_RDMA_WRITE,
                                    2,
                                    pair.server(),
                                    0,
                                    pair.client().piece(0, 8)));
            assertThat(pair.client().completion().getWr_id()).isEqualTo(2);
            assertThat(pair.client().moreCompletions()).isZero();
        }
    }

    @Test
    void aMessageWaitsForItsReceiver() throws Exception {
        try (Ends.Pair pair = ends().connect()) {
            pair.client().memory().putLong(0, 5);
            pair.client()
                    .post(
                            request(IBV_WR_SEND, 1, pair.client().piece(0, 8)),
                            request(
                                    IBV_WR_RDMA_WRITE,
                                    2,
                                    pair.server(),
                                    64,
                                    pair.client().piece(0, 8)));
            pair.server().receive(1, pair.server().piece(0, 8));
            assertThat(pair.server().status()).isEqualTo(IBV_WC_SUCCESS);
            assertThat(pair.client().completion().getWr_id()).isEqualTo(1);
            assertThat(pair.client().completion().getWr_id()).isEqualTo(2);
            assertThat(pair.server().memory().getLong(0)).isEqualTo(5);
        }
    }

    @Test
    void daRpcCallsAreAnswered() throws Exception {
        EchoService service = new EchoService();
        DaRPCServerGroup<Count, Count> serving =
                DaRPCServerGroup.createServerGroup(service, new long[] {0}, 20, 64, false, 8, 8, 8, 16);
        RdmaServerEndpoint<DaRPCServerEndpoint<Count, Count>> listener = serving.createServerEndpoint();
        listener.bind(new InetSocketAddress(host(), 0), 4);
        CompletableFuture<DaRPCServerEndpoint<Count, Count>> accepted = new CompletableFuture<>();
        Thread accepting = Thread.ofPlatform().daemon().start(() -> {
            try {
                accepted.complete(listener.accept());
            } catch (IOException e) {
                accepted.completeExceptionally(e);
            }
        });
        DaRPCClientGroup<Count, Count> calling = DaRPCClientGroup.createClientGroup(service, 20, 64, 8, 8);
        DaRPCClientEndpoint<Count, Count> client = calling.createEndpoint();
        client.connect(listener.getSrcAddr(), 2000);
        DaRPCServerEndpoint<Count, Count> server = accepted.get();
        accepting.join();
        DaRPCStream<Count, Count> stream = client.createStream();
        for (long i = 0; i < 100; i++) {
            DaRPCFuture<Count, Count> answer = stream.request(new Count().set(i), new Count(), false);
            assertThat(answer.get().value()).isEqualTo(i + 1);
        }
        assertThat(server.getMessagesSent()).isEqualTo(100);
        client.close();
        server.close();
        calling.close();
        listener.close();
        serving.close();
    }

    @Test
    void manyConnectionsLeaveNothing() throws Exception {
        for (int i = 0; i < connections(); i++) {
            try (Ends.Pair pair = ends().connect()) {
                pair.client().memory().putLong(0, i);
                pair.client()
                        .post(request(
                                IBV_WR_RDMA_WRITE,
                                i,
                                pair.server(),
                                0,
                                pair.client().piece(0, 8)));
                assertThat(pair.client().status()).isEqualTo(IBV_WC_SUCCESS);
                assertThat(pair.server().memory().getLong(0)).isEqualTo(i);
            }
        }
        assertThat(provider().counts().open(ResourceKind.QUEUE_PAIR)).isZero();
        assertThat(provider().counts().open(ResourceKind.MEMORY_REGION)).isZero();
        assertThat(provider().counts().open(ResourceKind.CONNECTION_ID))
                .as("the listener")
                .isEqualTo(1);
        ends().close();
        assertThat(provider().counts().open())
                .as("DiSNI keeps its protection domain")
                .containsOnlyKeys(ResourceKind.PROTECTION_DOMAIN);
    }
}
