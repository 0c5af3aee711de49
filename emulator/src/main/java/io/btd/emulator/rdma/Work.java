// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC.IbvWcOpcode;
import io.btd.transport.rdma.verbs.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;

/// A send request, as it was when it was posted.
///
/// @param sequence how many were posted on the queue pair before
/// @param inline the bytes, where the request had them taken when it was posted
record Work(
        long sequence,
        long id,
        int opcode,
        boolean signalled,
        boolean solicited,
        int immediate,
        long remoteAddress,
        int remoteKey,
        long compareAdd,
        long swap,
        List<Piece> pieces,
        Optional<MemorySegment> inline) {

    static Work of(IbvSendWR request, long sequence, boolean signalAll) {
        int flags = request.getSend_flags();
        List<Piece> pieces = Piece.of(request.getSg_list());
        IbvSendWR.Atomic atomic = request.getAtomic();
        boolean isAtomic = isAtomic(request.getOpcode());
        return new Work(
                sequence,
                request.getWr_id(),
                request.getOpcode(),
                signalAll || (flags & IbvSendWR.IBV_SEND_SIGNALED) != 0,
                (flags & IbvSendWR.IBV_SEND_SOLICITED) != 0,
                request.getImm_data(),
                isAtomic ? atomic.getRemote_addr() : request.getRdma().getRemote_addr(),
                isAtomic ? atomic.getRkey() : request.getRdma().getRkey(),
                atomic.getCompare_add(),
                atomic.getSwap(),
                pieces,
                (flags & IbvSendWR.IBV_SEND_INLINE) != 0 ? Optional.of(taken(pieces)) : Optional.empty());
    }

    private static MemorySegment taken(List<Piece> pieces) {
        MemorySegment taken = MemorySegment.ofArray(new byte[Math.toIntExact(Piece.bytes(pieces))]);
        long at = 0;
        for (Piece piece : pieces) {
            if (piece.bytes() > 0) {
                MemorySegment.copy(NativeMemory.at(piece.address(), piece.bytes()), 0, taken, at, piece.bytes());
                at += piece.bytes();
            }
        }
        return taken;
    }

    /// Why a request cannot be posted on a queue pair made for so many pieces and bytes inline; empty where it can.
    static Optional<String> refusal(IbvSendWR request, int pieces, int inlineBytes) {
        int opcode = request.getOpcode();
        if (opcode < IbvSendWR.IBV_WR_RDMA_WRITE || opcode > IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD) {
            return Optional.of("opcode=" + opcode);
        }
        if (request.getSg_list().size() > pieces) {
            return Optional.of("pieces=" + request.getSg_list().size() + ", limit=" + pieces);
        }
        if ((request.getSend_flags() & IbvSendWR.IBV_SEND_INLINE) == 0) {
            return Optional.empty();
        }
        long bytes = Piece.bytes(Piece.of(request.getSg_list()));
        return brings(opcode) || bytes > inlineBytes
                ? Optional.of("inline=" + bytes + ", limit=" + inlineBytes + ", opcode=" + opcode)
                : Optional.empty();
    }

    private static boolean isAtomic(int opcode) {
        return opcode == IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP || opcode == IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD;
    }

    private static boolean brings(int opcode) {
        return opcode == IbvSendWR.IBV_WR_RDMA_READ || isAtomic(opcode);
    }

    boolean isAtomic() {
        return isAtomic(opcode);
    }

    /// Whether bytes come from the peer.
    boolean brings() {
        return brings(opcode);
    }

    boolean hasImmediate() {
        return opcode == IbvSendWR.IBV_WR_SEND_WITH_IMM || opcode == IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM;
    }

    boolean isWrite() {
        return opcode == IbvSendWR.IBV_WR_RDMA_WRITE || opcode == IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM;
    }

    /// Whether it uses up one of the peer's receives.
    boolean usesReceive() {
        return opcode == IbvSendWR.IBV_WR_SEND || hasImmediate();
    }

    long bytes() {
        return inline.map(MemorySegment::byteSize).orElseGet(() -> Piece.bytes(pieces));
    }

    /// Whether it has the pieces that the operation has.
    boolean hasTheRightLength() {
        return isAtomic() ? pieces.size() == 1 && bytes() == ValueLayout.JAVA_LONG.byteSize() : bytes() <= 1L << 31;
    }

    /// How it completes.
    IbvWcOpcode completes() {
        return switch (opcode) {
            case IbvSendWR.IBV_WR_RDMA_READ -> IbvWcOpcode.IBV_WC_RDMA_READ;
            case IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP -> IbvWcOpcode.IBV_WC_COMP_SWAP;
            case IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD -> IbvWcOpcode.IBV_WC_FETCH_ADD;
            default -> isWrite() ? IbvWcOpcode.IBV_WC_RDMA_WRITE : IbvWcOpcode.IBV_WC_SEND;
        };
    }
}
