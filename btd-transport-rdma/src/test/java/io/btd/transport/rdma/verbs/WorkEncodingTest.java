// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// DiSNI's requests, which have linked lists, against those made by hand.
@SuppressWarnings("JdkObsolete")
class WorkEncodingTest {
    private static final long NEXT = 8;
    private static final long PIECES = 16;

    private final SendRequests encoded = SendRequests.allocate(Arena.ofAuto(), 2, 2);
    private final SendRequests byHand = SendRequests.allocate(Arena.ofAuto(), 2, 2);

    private static IbvSge piece(long address, int length, int key) {
        IbvSge piece = new IbvSge();
        piece.setAddr(address);
        piece.setLength(length);
        piece.setLkey(key);
        return piece;
    }

    private static IbvSendWR request(int opcode, int flags, IbvSge... pieces) {
        IbvSendWR request = new IbvSendWR();
        request.setWr_id(77);
        request.setOpcode(opcode);
        request.setSend_flags(flags);
        request.setImm_data(0x01020304);
        request.getRdma().setRemote_addr(0x2000);
        request.getRdma().setRkey(5);
        request.getAtomic().setRemote_addr(0x3000);
        request.getAtomic().setRkey(6);
        request.getAtomic().setCompare_add(8);
        request.getAtomic().setSwap(9);
        request.setSg_list(new LinkedList<>(List.of(pieces)));
        return request;
    }

    private void areTheSame(IbvSendWR... requests) {
        WorkEncoding.sends(List.of(requests), encoded);
        assertThat(encoded.count()).isEqualTo(byHand.count());
        assertThat(bytes(encoded)).isEqualTo(bytes(byHand));
    }

    /// The bytes of a list, without the addresses of what is in it.
    private static String bytes(SendRequests requests) {
        MemorySegment copy = Arena.ofAuto().allocate(requests.memory().byteSize());
        copy.copyFrom(requests.memory());
        for (int i = 0; i < requests.capacity(); i++) {
            long at = i * Structures.SEND_WR.byteSize();
            copy.set(ValueLayout.JAVA_LONG_UNALIGNED, at + NEXT, 0L);
            copy.set(ValueLayout.JAVA_LONG_UNALIGNED, at + PIECES, 0L);
        }
        return Hex.of(copy);
    }

    @Test
    void readsAndWrites() {
        byHand.write(77, 0x2000, 5)
                .piece(0x100, 4, 1)
                .piece(0x200, 8, 2)
                .inline()
                .fenced();
        byHand.read(77, 0x2000, 5).piece(0x100, 4, 1).signalled().solicited();
        areTheSame(
                request(IbvSendWR.IBV_WR_RDMA_WRITE, 1 | 8, piece(0x100, 4, 1), piece(0x200, 8, 2)),
                request(IbvSendWR.IBV_WR_RDMA_READ, 2 | 4, piece(0x100, 4, 1)));
        assertThat(encoded.mostInline()).isEqualTo(12);
    }

    @Test
    void sends() {
        byHand.send(77).piece(0x100, 4, 1);
        byHand.sendWithImmediate(77, 0x01020304).signalled();
        areTheSame(
                request(IbvSendWR.IBV_WR_SEND, 0, piece(0x100, 4, 1)),
                request(IbvSendWR.IBV_WR_SEND_WITH_IMM, IbvSendWR.IBV_SEND_SIGNALED));
    }

    @Test
    void writesWithANumber() {
        byHand.writeWithImmediate(77, 0x2000, 5, 0x01020304).piece(0x100, 4, 1);
        areTheSame(request(IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM, 0, piece(0x100, 4, 1)));
    }

    @Test
    void atomics() {
        byHand.compareAndSwap(77, 0x3000, 6, 8, 9).piece(0x100, 8, 1);
        byHand.fetchAndAdd(77, 0x3000, 6, 8).piece(0x100, 8, 1);
        areTheSame(
                request(IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP, 0, piece(0x100, 8, 1)),
                request(IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD, 0, piece(0x100, 8, 1)));
    }

    @Test
    void eachTimeItIsAsItIsThen() {
        IbvSendWR request = request(IbvSendWR.IBV_WR_RDMA_WRITE, 0, piece(0x100, 4, 1));
        WorkEncoding.sends(List.of(request, request), encoded);
        request.setWr_id(78);
        request.getRdma().setRemote_addr(0x4000);
        request.getSge(0).setLength(3);
        WorkEncoding.sends(List.of(request), encoded);
        byHand.write(0, 0, 0).piece(0x100, 3, 1);
        byHand.clear();
        byHand.write(78, 0x4000, 5).piece(0x100, 3, 1);
        assertThat(encoded.count()).isEqualTo(1);
        long size = Structures.SEND_WR.byteSize();
        assertThat(Hex.of(encoded.memory().asSlice(24, size - 24)))
                .isEqualTo(Hex.of(byHand.memory().asSlice(24, size - 24)));
        assertThat(Hex.of(encoded.memory().asSlice(2 * size, 16)))
                .isEqualTo(Hex.of(byHand.memory().asSlice(2 * size, 16)));
    }

    @Test
    void anUnknownOperationIsRefused() {
        assertThatThrownBy(() -> WorkEncoding.sends(List.of(request(7, 0)), encoded))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("opcode=7");
    }

    @Test
    void receives() {
        ReceiveRequests list = ReceiveRequests.allocate(Arena.ofAuto(), 1, 1);
        IbvRecvWR request = new IbvRecvWR();
        request.setWr_id(3);
        request.setSg_list(new LinkedList<>(List.of(piece(0x100, 4, 1))));
        WorkEncoding.receives(List.of(request), list);
        WorkEncoding.receives(List.of(request), list);
        assertThat(list.count()).isEqualTo(1);
        assertThat(Hex.of(list.memory().asSlice(0, 8))).isEqualTo("0300000000000000");
        assertThat(Hex.of(list.memory().asSlice(32, 16))).isEqualTo("0001000000000000 0400000001000000");
    }
}
