// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class ReceiveRequestsTest {
    @Test
    void bytesOfAList() {
        ReceiveRequests requests = ReceiveRequests.allocate(Arena.ofAuto(), 2, 1);
        requests.receive(0x0102030405060708L)
                .piece(0x1112131415161718L, 0x21222324, 0x31323334)
                .receive(2);
        long base = requests.memory().address();
        assertThat(Hex.of(requests.memory()))
                .isEqualTo("0807060504030201 " + Hex.of(base + 32) + " " + Hex.of(base + 64) + " 0100000000000000"
                        + " 0200000000000000 0000000000000000 " + Hex.of(base + 80) + " 0000000000000000"
                        + " 1817161514131211 2423222134333231"
                        + " 0000000000000000 0000000000000000");
    }
}
