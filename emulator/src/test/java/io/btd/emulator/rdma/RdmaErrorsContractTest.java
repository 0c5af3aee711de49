// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_RDMA_READ;
import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_RDMA_WRITE;
import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_SEND;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_LOC_LEN_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_LOC_PROT_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_LOC_QP_OP_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_REM_ACCESS_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_REM_INV_REQ_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_REM_OP_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_RNR_RETRY_EXC_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_SUCCESS;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_WR_FLUSH_ERR;
import static io.btd.emulator.rdma.TestEndpoint.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a provider of RDMA refuses and how it ends, whichever it is. Part of [RdmaContractTest].
abstract class RdmaErrorsContractTest extends RdmaSetting {
    @Test
    void aWrongKeyEndsBothQueuePairs() throws Exception {
        try (Ends.Pair pair = ends().connect();
                Ends.Pair other = ends().connect()) {
            pair.server().receive(9, pair.server().piece(0, 8));
            IbvSendWR read =
                    request(IBV_WR_RDMA_READ, 1, pair.server(), 0, pair.client().piece(0, 8));
            read.getRdma().setRkey(read.getRdma().getRkey() ^ 0x7F00);
            pair.client()
                    .post(
                            read,
                            request(
                                    IBV_WR_RDMA_WRITE,
                                    2,
                                    pair.server(),
                                    0,
                                    pair.client().piece(0, 8)));
            IbvWC failed = pair.client().completion();
            assertThat(IbvWC.IbvWcStatus.valueOf(failed.getStatus())).isEqualTo(IBV_WC_REM_ACCESS_ERR);
            assertThat(failed.getWr_id()).isEqualTo(1);
            assertThat(failed.getQp_num())
                    .as("who failed, on a queue that both connections share")
                    .isEqualTo(pair.client().getQp().getQp_num());
            assertThat(pair.client().status()).isEqualTo(IBV_WC_WR_FLUSH_ERR);
            assertThat(pair.server().status()).isEqualTo(IBV_WC_WR_FLUSH_ERR);
            pair.client().post(request(IBV_WR_SEND, 3, pair.client().piece(0, 8)));
            assertThat(pair.client().status()).isEqualTo(IBV_WC_WR_FLUSH_ERR);
            other.client()
                    .post(request(
                            IBV_WR_RDMA_WRITE,
                            4,
                            other.server(),
                            0,
                            other.client().piece(0, 8)));
            assertThat(other.client().status()).as("of another connection").isEqualTo(IBV_WC_SUCCESS);
        }
    }

    @Test
    void aKeyIsWorthNothingAfterItsRegion() throws Exception {
        try (Ends.Pair pair = ends().connect()) {
            IbvSendWR write = request(
                    IBV_WR_RDMA_WRITE, 1, pair.server(), 0, pair.client().piece(0, 8));
            pair.server().deregisterMemory(pair.server().region());
            pair.client().post(write);
            assertThat(pair.client().status()).isEqualTo(IBV_WC_REM_ACCESS_ERR);
        }
    }

    @Test
    void whatIsOutsideOfTheRegionIsRefused() throws Exception {
        try (Ends.Pair pair = ends().connect()) {
            pair.client()
                    .post(request(
                            IBV_WR_RDMA_WRITE,
                            1,
                            pair.server(),
                            TestEndpoint.BYTES - 7,
                            pair.client().piece(0, 8)));
            assertThat(pair.client().status()).isEqualTo(IBV_WC_REM_ACCESS_ERR);
        }
    }

    @Test
    void aRegionThatIsForReadingIsNotWritten() throws Exception {
        try (Ends.Pair pair = ends().connect()) {
            IbvMr region = pair.server()
                    .getPd()
                    .regMr(pair.server().memory(), IbvMr.IBV_ACCESS_REMOTE_READ)
                    .execute()
                    .free()
                    .getMr();
            IbvSendWR read =
                    request(IBV_WR_RDMA_READ, 1, pair.server(), 0, pair.client().piece(0, 8));
            read.getRdma().setRkey(region.getRkey());
            pair.client().post(read);
            assertThat(pair.client().status()).isEqualTo(IBV_WC_SUCCESS);
            IbvSendWR write = request(
                    IBV_WR_RDMA_WRITE, 2, pair.server(), 0, pair.client().piece(0, 8));
            write.getRdma().setRkey(region.getRkey());
            pair.client().post(write);
            assertThat(pair.client().status()).isEqualTo(IBV_WC_REM_ACCESS_ERR);
            pair.server().deregisterMemory(region);
        }
    }

    @Test
    void memoryOfThisSideIsCheckedToo() throws Exception {
        try (Ends.Pair pair = ends().connect()) {
            IbvMr region = pair.client()
                    .getPd()
                    .regMr(pair.client().memory(), 0)
                    .execute()
                    .free()
                    .getMr();
            IbvSge piece = pair.client().piece(0, 8);
            piece.setLkey(region.getLkey());
            pair.client().post(request(IBV_WR_RDMA_WRITE, 1, pair.server(), 0, piece));
            assertThat(pair.client().status()).as("reading it").isEqualTo(IBV_WC_SUCCESS);
            pair.client().post(request(IBV_WR_RDMA_READ, 2, pair.server(), 0, piece));
            assertThat(pair.client().status()).as("writing it").isEqualTo(IBV_WC_LOC_PROT_ERR);
            pair.client().deregisterMemory(region);
        }
    }

    /// Soft-RoCE calls it an operation that failed.
    @Test
    void aMessageThatIsTooLongEndsBothQueuePairs() throws Exception {
        try (Ends.Pair pair = ends().connect()) {
            pair.server().receive(1, pair.server().piece(0, 8));
            pair.client().post(request(IBV_WR_SEND, 1, pair.client().piece(0, 9)));
            assertThat(pair.client().status()).isIn(IBV_WC_REM_INV_REQ_ERR, IBV_WC_REM_OP_ERR);
            assertThat(pair.server().status()).isIn(IBV_WC_LOC_LEN_ERR, IBV_WC_LOC_QP_OP_ERR);
        }
    }

    /// An end says how often the other one asks it.
    @Test
    void aMessageThatNobodyReceivesEndsItsQueuePair() throws Exception {
        try (Ends.Pair pair = ends().connect(client -> client.getConnParam().setRnr_retry_count((byte) 1))) {
            pair.server().post(request(IBV_WR_SEND, 1, pair.server().piece(0, 8)));
            assertThat(pair.server().status()).isEqualTo(IBV_WC_RNR_RETRY_EXC_ERR);
        }
    }

    @Test
    void disconnectingFlushesAndIsHeardOf() throws Exception {
        try (Ends.Pair pair = ends().connect()) {
            pair.client().receive(1, pair.client().piece(0, 8));
            pair.client().receive(2, pair.client().piece(8, 8));
            pair.client().getIdPriv().disconnect();
            assertThat(pair.client().status()).isEqualTo(IBV_WC_WR_FLUSH_ERR);
            assertThat(pair.client().completion().getWr_id()).isEqualTo(2);
            pair.server().await(EventType.RDMA_CM_EVENT_DISCONNECTED);
            assertThat(pair.server().isClosed()).isTrue();
        }
    }

    @Test
    void whereNobodyListensTheConnectionIsRejected() throws Exception {
        TestEndpoint client = ends().newClient();
        Ends.connect(client, new InetSocketAddress(ends().address().getAddress(), 1));
        client.await(EventType.RDMA_CM_EVENT_REJECTED);
        assertThat(client.isConnected()).isFalse();
        client.close();
    }

    @Test
    void whatIsClosedIsRefused() throws Exception {
        Ends.Pair pair = ends().connect();
        IbvSendWR write =
                request(IBV_WR_RDMA_WRITE, 1, pair.server(), 0, pair.client().piece(0, 8));
        SVCPostSend call = pair.client().postSend(List.of(write));
        pair.close();
        assertThatThrownBy(call::execute).isInstanceOf(IOException.class).hasMessageContaining("queue pair");
        assertThatThrownBy(() -> pair.client().getIdPriv().disconnect())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("connection id");
        assertThatThrownBy(() -> pair.client().deregisterMemory(pair.client().region()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("memory region");
    }
}
