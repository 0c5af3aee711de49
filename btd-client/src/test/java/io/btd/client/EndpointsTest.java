// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.transport.Endpoint;
import io.btd.api.transport.Transport;
import io.btd.api.transport.TransportOptions;
import io.btd.api.transport.TransportProvider;
import io.btd.membership.Member;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Which way to a node is taken.
class EndpointsTest {
    private static final Endpoint TCP = new Endpoint("tcp", "127.0.0.1:7101");
    private static final Endpoint RDMA = new Endpoint("rdma", "10.0.0.1:7101");
    private static final Endpoint UDS = new Endpoint("uds", "/run/node.sock");
    private static final List<TransportProvider> BOTH = List.of(new Named("uds", 2), new Named("tcp", 1));

    private record Named(String name, int rank) implements TransportProvider {
        @Override
        public boolean available() {
            return true;
        }

        @Override
        public boolean leavesMachine() {
            return !name.equals("uds");
        }

        @Override
        public Transport open(TransportOptions options) {
            throw new UnsupportedOperationException();
        }
    }

    private static Member member(Endpoint... endpoints) {
        return new Member(1, new UUID(1, 2), "here", 1, List.of(endpoints), 1, 1, 1, true);
    }

    @Test
    void onTheSameHostTheHighestRankThatBothHave() {
        assertThat(Endpoints.of(member(TCP, UDS), "here", "auto", BOTH)).containsExactly(UDS);
        assertThat(Endpoints.of(member(TCP), "here", "auto", BOTH)).containsExactly(TCP);
        assertThat(Endpoints.of(member(TCP, UDS), "here", "auto", BOTH.subList(1, 2)))
                .containsExactly(TCP);
    }

    @Test
    void betweenHostsAllThatLeaveAMachineTheHighestRankFirst() {
        List<TransportProvider> all = List.of(new Named("uds", 3), new Named("rdma", 2), new Named("tcp", 1));
        assertThat(Endpoints.of(member(TCP, UDS, RDMA), "there", "auto", all)).containsExactly(RDMA, TCP);
        assertThat(Endpoints.of(member(TCP, UDS, RDMA), "there", "auto", BOTH)).containsExactly(TCP);
        assertThat(Endpoints.of(member(TCP, UDS), "there", "auto", all)).containsExactly(TCP);
        assertThat(Endpoints.of(member(UDS), "there", "auto", BOTH)).isEmpty();
    }

    @Test
    void aFixedTransportAndNoOther() {
        assertThat(Endpoints.of(member(TCP, UDS), "here", "tcp", BOTH)).containsExactly(TCP);
        assertThat(Endpoints.of(member(TCP), "here", "uds", BOTH)).isEmpty();
    }
}
