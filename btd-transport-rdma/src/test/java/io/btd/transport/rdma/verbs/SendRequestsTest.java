// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class SendRequestsTest {
    private static final long SIZE = 128;
    private static final String REST = " 0000000000000000".repeat(7);

    private final SendRequests requests = SendRequests.allocate(Arena.ofAuto(), 3, 2);

    private String request(int index) {
        return Hex.of(requests.memory().asSlice(index * SIZE, SIZE));
    }

    private String piece(int request, int index) {
        return Hex.of(requests.memory().asSlice(3 * SIZE + request * 32L + index * 16L, 16));
    }

    private String piecesOf(int request) {
        return Hex.of(requests.memory().address() + 3 * SIZE + request * 32L);
    }

    @Test
    void read() {
        requests.read(0x0102030405060708L, 0x1112131415161718L, 0x21222324)
                .piece(0x3132333435363738L, 0x41424344, 0x51525354)
                .signalled();
        assertThat(request(0))
                .isEqualTo("0807060504030201 0000000000000000 " + piecesOf(0)
                        + " 0100000004000000 0200000000000000 1817161514131211 2423222100000000"
                        + " 0000000000000000 0000000000000000" + REST);
        assertThat(piece(0, 0)).isEqualTo("3837363534333231 4443424154535251");
    }

    @Test
    void writeOfTwoPiecesInline() {
        requests.write(1, 0x2000, -2)
                .piece(0x100, 8, 0)
                .piece(0x200, 24, 0)
                .inline()
                .fenced();
        assertThat(request(0))
                .isEqualTo("0100000000000000 0000000000000000 " + piecesOf(0)
                        + " 0200000000000000 0900000000000000 0020000000000000 feffffff00000000"
                        + " 0000000000000000 0000000000000000" + REST);
        assertThat(piece(0, 1)).isEqualTo("0002000000000000 1800000000000000");
        assertThat(requests.mostInline()).isEqualTo(32);
    }

    @Test
    void immediatesTravelInNetworkOrder() {
        requests.writeWithImmediate(1, 0x2000, 3, 0x0a0b0c0d)
                .sendWithImmediate(2, 0x01020304)
                .solicited();
        assertThat(request(0)).contains(" 0000000001000000 000000000a0b0c0d 0020000000000000 0300000000000000");
        assertThat(request(1)).contains(" 0000000003000000 0400000001020304 0000000000000000 0000000000000000");
    }

    @Test
    void send() {
        requests.send(-1).piece(0x100, 64, 7);
        assertThat(request(0))
                .isEqualTo("ffffffffffffffff 0000000000000000 " + piecesOf(0)
                        + " 0100000002000000 0000000000000000 0000000000000000 0000000000000000"
                        + " 0000000000000000 0000000000000000" + REST);
    }

    @Test
    void compareAndSwap() {
        requests.compareAndSwap(1, 0x2008, 0x21222324, 0x3132333435363738L, 0x4142434445464748L)
                .piece(0x100, 8, 7);
        assertThat(request(0))
                .isEqualTo("0100000000000000 0000000000000000 " + piecesOf(0)
                        + " 0100000005000000 0000000000000000 0820000000000000 3837363534333231"
                        + " 4847464544434241 2423222100000000" + REST);
    }

    @Test
    void fetchAndAdd() {
        requests.fetchAndAdd(1, 0x2010, 5, -1).piece(0x100, 8, 7);
        assertThat(request(0))
                .isEqualTo("0100000000000000 0000000000000000 " + piecesOf(0)
                        + " 0100000006000000 0000000000000000 1020000000000000 ffffffffffffffff"
                        + " 0000000000000000 0500000000000000" + REST);
    }

    @Test
    void requestsAreLinkedAndTheLastIsNot() {
        requests.send(1).send(2).send(3);
        long base = requests.memory().address();
        assertThat(request(0)).startsWith("0100000000000000 " + Hex.of(base + SIZE) + " " + piecesOf(0));
        assertThat(request(1)).startsWith("0200000000000000 " + Hex.of(base + 2 * SIZE) + " " + piecesOf(1));
        assertThat(request(2)).startsWith("0300000000000000 0000000000000000 " + piecesOf(2));
        assertThat(requests.count()).isEqualTo(3);
    }

    @Test
    void piecesGoToTheLatestRequest() {
        requests.send(1).piece(1, 10, 0).send(2).piece(2, 20, 0).piece(3, 30, 0);
        assertThat(piece(0, 0)).isEqualTo("0100000000000000 0a00000000000000");
        assertThat(piece(0, 1)).isEqualTo("0000000000000000 0000000000000000");
        assertThat(piece(1, 0)).isEqualTo("0200000000000000 1400000000000000");
        assertThat(piece(1, 1)).isEqualTo("0300000000000000 1e00000000000000");
    }

    @Test
    void nothingOfAnOldListIsLeft() {
        requests.compareAndSwap(1, 0x2008, -1, -1, -1)
                .piece(1, 8, 1)
                .signalled()
                .fenced()
                .send(2);
        requests.clear();
        requests.send(3);
        assertThat(request(0))
                .isEqualTo("0300000000000000 0000000000000000 " + piecesOf(0) + " 0000000002000000 0000000000000000"
                        + " 0000000000000000 0000000000000000 0000000000000000 0000000000000000" + REST);
        requests.piece(1, 100, 1);
        assertThat(requests.count()).isOne();
    }

    @Test
    void aLongInlineRequestIsForgottenWithItsList() {
        requests.send(1).inline().piece(1, 100, 0).send(2).inline().piece(1, 10, 0);
        assertThat(requests.mostInline()).isEqualTo(100);
        requests.clear();
        requests.send(1).inline().piece(1, 10, 0);
        assertThat(requests.mostInline()).isEqualTo(10);
    }

    @Test
    void whatADeviceCannotDoIsRefused() {
        assertThatThrownBy(() -> requests.fetchAndAdd(1, 0x2004, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an atomic needs an aligned word: address=8196; take a multiple of 8");
        assertThat(requests.count()).isZero();
        assertThatThrownBy(() -> requests.fetchAndAdd(1, 0x2008, 0, 1).piece(1, 16, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(requests::inline).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> requests.read(1, 0x2008, 0).inline())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("opcode=4");
    }

    @Test
    void aListHasItsBounds() {
        assertThatThrownBy(() -> requests.piece(1, 1, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(requests::signalled).isInstanceOf(IllegalStateException.class);
        requests.send(1).piece(1, 1, 1).piece(1, 1, 1);
        assertThatThrownBy(() -> requests.piece(1, 1, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pieces=2");
        requests.send(2).send(3);
        assertThatThrownBy(() -> requests.send(4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("capacity=3");
        assertThatThrownBy(() -> SendRequests.allocate(Arena.ofAuto(), 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFirstRefusedSaysHowManyWereAccepted() {
        requests.send(1).send(2).send(3);
        long base = requests.memory().address();
        for (int accepted = 0; accepted < 3; accepted++) {
            requests.firstRefused().set(ValueLayout.JAVA_LONG, 0, base + accepted * SIZE);
            assertThat(requests.accepted()).isEqualTo(accepted);
        }
        requests.firstRefused();
        assertThat(requests.accepted()).as("the device did not say").isZero();
    }
}
