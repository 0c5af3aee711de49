// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD;
import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_RDMA_READ;
import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_RDMA_WRITE;
import static com.ibm.disni.verbs.IbvSendWR.IBV_WR_SEND;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_FATAL_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_RETRY_EXC_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_RNR_RETRY_EXC_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_SUCCESS;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_WR_FLUSH_ERR;
import static io.btd.emulator.rdma.TestEndpoint.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import io.btd.transport.rdma.ResourceCounts;
import io.btd.transport.rdma.disni.RdmaProviders;
import io.btd.transport.rdma.disni.RdmaProviders.OpenProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What goes wrong on the adapter in Java, when it is to.
@Timeout(60)
class SoftwareFaultsTest {

    /// What a test does on a connection.
    private interface Script {
        void run(Ends.Pair pair) throws Exception;
    }

    private static void on(FaultPlan faults, Script script) throws Exception {
        ResourceCounts counts;
        try (OpenProvider provider = RdmaProviders.open(new SoftwareRdma(faults));
                Ends ends = new Ends(InetAddress.getLoopbackAddress());
                Ends.Pair pair = ends.connect(client -> client.getConnParam().setRetry_count((byte) 3))) {
            counts = provider.counts();
            script.run(pair);
        }
        assertThat(counts.open()).isEmpty();
    }

    private static FaultPlan atFirst(int attempts, Fault fault) {
        return point -> point.attempt() < attempts ? fault : Fault.NONE;
    }

    private static IbvSendWR add(Ends.Pair pair) {
        IbvSendWR add = request(
                IBV_WR_ATOMIC_FETCH_AND_ADD, 1, pair.server(), 0, pair.client().piece(0, 8));
        add.getAtomic().setCompare_add(1);
        return add;
    }

    @Test
    void aLostAnswerIsAskedForAgainAndTheWorkIsDoneOnce() throws Exception {
        on(atFirst(3, Fault.ANSWER_LOST), pair -> {
            pair.client().post(add(pair));
            assertThat(pair.client().status()).isEqualTo(IBV_WC_SUCCESS);
            assertThat(pair.server().memory().getLong(0)).isEqualTo(1);
            assertThat(pair.client().memory().getLong(0)).isZero();
        });
    }

    @Test
    void anAnswerLostTooOftenLeavesTheWorkDoneAndTheQueuePairBroken() throws Exception {
        on(atFirst(4, Fault.ANSWER_LOST), pair -> {
            pair.client().post(add(pair), request(IBV_WR_SEND, 2, pair.client().piece(0, 8)));
            assertThat(pair.client().status()).isEqualTo(IBV_WC_RETRY_EXC_ERR);
            assertThat(pair.client().status()).isEqualTo(IBV_WC_WR_FLUSH_ERR);
            assertThat(pair.server().memory().getLong(0)).isEqualTo(1);
        });
    }

    @Test
    void aRequestLostTooOftenIsNotDone() throws Exception {
        on(atFirst(4, Fault.REQUEST_LOST), pair -> {
            pair.client().post(add(pair));
            assertThat(pair.client().status()).isEqualTo(IBV_WC_RETRY_EXC_ERR);
            assertThat(pair.server().memory().getLong(0)).isZero();
        });
        on(atFirst(3, Fault.REQUEST_LOST), pair -> {
            pair.client().post(add(pair));
            assertThat(pair.client().status()).isEqualTo(IBV_WC_SUCCESS);
            assertThat(pair.server().memory().getLong(0)).isEqualTo(1);
        });
    }

    @Test
    void aReceiverThatIsNotReadyForLongIsAskedWithoutEnd() throws Exception {
        on(atFirst(20, Fault.RECEIVER_NOT_READY), pair -> {
            pair.server().receive(1, pair.server().piece(0, 8));
            pair.client().post(request(IBV_WR_SEND, 1, pair.client().piece(0, 8)));
            assertThat(pair.client().status()).isEqualTo(IBV_WC_SUCCESS);
        });
    }

    @Test
    void aReceiverThatIsNeverReadyEndsAQueuePairThatCounts() throws Exception {
        FaultPlan storm = point -> Fault.RECEIVER_NOT_READY;
        try (OpenProvider provider = RdmaProviders.open(new SoftwareRdma(storm));
                Ends ends = new Ends(InetAddress.getLoopbackAddress());
                Ends.Pair pair = ends.connect(client -> client.getConnParam().setRnr_retry_count((byte) 6))) {
            assertThat(provider.name()).isEqualTo("software");
            pair.client().receive(1, pair.client().piece(0, 8));
            pair.server()
                    .post(request(
                            IBV_WR_RDMA_WRITE,
                            1,
                            pair.client(),
                            0,
                            pair.server().piece(0, 8)));
            assertThat(pair.server().status()).as("needs no receive").isEqualTo(IBV_WC_SUCCESS);
            pair.server().post(request(IBV_WR_SEND, 2, pair.server().piece(0, 8)));
            assertThat(pair.server().status()).isEqualTo(IBV_WC_RNR_RETRY_EXC_ERR);
            assertThat(pair.client().moreCompletions()).isZero();
        }
    }

    @Test
    void aFailedQueuePairFlushes() throws Exception {
        on(point -> point.sequence() == 1 ? Fault.QUEUE_PAIR_FAILED : Fault.NONE, pair -> {
            pair.client().post(add(pair), add(pair), add(pair));
            assertThat(pair.client().status()).isEqualTo(IBV_WC_SUCCESS);
            assertThat(pair.client().status()).isEqualTo(IBV_WC_FATAL_ERR);
            assertThat(pair.client().status()).isEqualTo(IBV_WC_WR_FLUSH_ERR);
            assertThat(pair.server().memory().getLong(0)).isEqualTo(1);
        });
    }

    @Test
    void whatIsDelayedKeepsItsPlace() throws Exception {
        on(atFirst(5, Fault.DELAYED), pair -> {
            pair.client().memory().putLong(0, 8);
            pair.client()
                    .post(
                            request(
                                    IBV_WR_RDMA_WRITE,
                                    1,
                                    pair.server(),
                                    0,
                                    pair.client().piece(0, 8)),
                            request(
                                    IBV_WR_RDMA_READ,
                                    2,
                                    pair.server(),
                                    0,
                                    pair.client().piece(8, 8)));
            assertThat(pair.client().completion().getWr_id()).isEqualTo(1);
            assertThat(pair.client().completion().getWr_id()).isEqualTo(2);
            assertThat(pair.client().memory().getLong(8)).isEqualTo(8);
        });
    }

    /// The wire is held up behind the write, so that nothing but the READ can bring it home.
    @Test
    void aLateWriteIsThereForWhatComesBehindItAndNotBefore() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        FaultPlan late = point -> {
            if (point.sequence() == 1) {
                written.countDown();
                awaitUninterruptibly(looked);
                return Fault.NONE;
            }
            return Fault.LATE_WRITE;
        };
        on(late, pair -> {
            pair.client().memory().putLong(0, 8);
            pair.client()
                    .post(
                            request(
                                    IBV_WR_RDMA_WRITE,
                                    1,
                                    pair.server(),
                                    0,
                                    pair.client().piece(0, 8)),
                            request(
                                    IBV_WR_RDMA_READ,
                                    2,
                                    pair.server(),
                                    0,
                                    pair.client().piece(8, 8)));
            written.await();
            assertThat(pair.server().memory().getLong(0)).as("not there yet").isZero();
            looked.countDown();
            assertThat(pair.client().status()).isEqualTo(IBV_WC_SUCCESS);
            assertThat(pair.client().status()).isEqualTo(IBV_WC_SUCCESS);
            assertThat(pair.client().memory().getLong(8)).isEqualTo(8);
            assertThat(pair.server().memory().getLong(0)).isEqualTo(8);
        });
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aLateWriteComesAlsoWhenNothingIsBehindIt() throws Exception {
        on(atFirst(1, Fault.LATE_WRITE), pair -> {
            pair.client().memory().putLong(0, 8);
            pair.client()
                    .post(request(
                            IBV_WR_RDMA_WRITE,
                            1,
                            pair.server(),
                            0,
                            pair.client().piece(0, 8)));
            assertThat(pair.client().status()).isEqualTo(IBV_WC_SUCCESS);
            pair.server().deregisterMemory(pair.server().region());
            assertThat(pair.server().memory().getLong(0)).isEqualTo(8);
        });
    }

    @Test
    void whoIsSilentIsUnreachable() throws Exception {
        FaultPlan silent = new FaultPlan() {
            @Override
            public Fault at(FaultPoint point) {
                return Fault.NONE;
            }

            @Override
            public boolean isSilent(InetSocketAddress listener) {
                return true;
            }
        };
        try (OpenProvider provider = RdmaProviders.open(new SoftwareRdma(silent));
                Ends ends = new Ends(InetAddress.getLoopbackAddress())) {
            assertThat(provider.name()).isEqualTo("software");
            TestEndpoint client = ends.newClient();
            Ends.connect(client, ends.address());
            client.await(EventType.RDMA_CM_EVENT_UNREACHABLE);
            assertThat(client.isConnected()).isFalse();
        }
    }

    @Test
    void anAddressThatNobodyHasLeadsNowhere() throws Exception {
        try (OpenProvider provider = RdmaProviders.open("software");
                Ends ends = new Ends(InetAddress.getLoopbackAddress())) {
            assertThat(provider.name()).isEqualTo("software");
            TestEndpoint client = ends.newClient();
            assertThatThrownBy(() -> Ends.connect(client, new InetSocketAddress("192.0.2.1", 1)))
                    .hasMessage("resolve address failed");
            client.await(EventType.RDMA_CM_EVENT_ADDR_ERROR);
        }
    }

    @Test
    void chanceComesFromTheSeed() {
        Map<Fault, Integer> some = Map.of(Fault.REQUEST_LOST, 300, Fault.DELAYED, 200);
        assertThat(faults(new SeededFaults(1, some))).isEqualTo(faults(new SeededFaults(1, some)));
        assertThat(faults(new SeededFaults(1, some))).isNotEqualTo(faults(new SeededFaults(2, some)));
        Set<Fault> seen = EnumSet.copyOf(faults(new SeededFaults(1, some)));
        assertThat(seen).containsExactlyInAnyOrder(Fault.NONE, Fault.REQUEST_LOST, Fault.DELAYED);
        assertThat(faults(new SeededFaults(1, Map.of(Fault.DELAYED, 1000)))).containsOnly(Fault.DELAYED);
        assertThatThrownBy(() -> new SeededFaults(1, Map.of(Fault.DELAYED, 1001)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Fault> faults(SeededFaults plan) {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            faults.add(plan.at(new FaultPoint(IBV_WR_SEND, 1, i, 0)));
        }
        return faults;
    }
}
