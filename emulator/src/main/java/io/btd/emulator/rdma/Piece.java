// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.verbs.IbvSge;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A piece of local memory, as a request named it when it was posted.
record Piece(long address, long bytes, int key) {
    static List<Piece> of(List<IbvSge> pieces) {
        return pieces.stream()
                .map(piece -> new Piece(piece.getAddr(), Integer.toUnsignedLong(piece.getLength()), piece.getLkey()))
                .toList();
    }

    static long bytes(List<Piece> pieces) {
        return pieces.stream().mapToLong(Piece::bytes).sum();
    }

    /// The memory of these pieces, where a queue pair may access all of it so. Of no bytes the key does not matter.
    static Optional<List<MemorySegment>> memory(Pair pair, List<Piece> pieces, int access) {
        List<MemorySegment> memory = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece.bytes == 0) {
                continue;
            }
            Optional<MemorySegment> slice =
                    pair.stack().regions().local(pair.domain(), piece.key, piece.address, piece.bytes, access);
            if (slice.isEmpty()) {
                return Optional.empty();
            }
            memory.add(slice.get());
        }
        return Optional.of(memory);
    }

    /// Copies as many bytes as there are, from pieces into pieces that have room for them.
    static void copy(List<MemorySegment> from, List<MemorySegment> into) {
        int to = 0;
        long at = 0;
        for (MemorySegment source : from) {
            long done = 0;
            while (done < source.byteSize()) {
                MemorySegment target = into.get(to);
                long length = Math.min(source.byteSize() - done, target.byteSize() - at);
                MemorySegment.copy(source, done, target, at, length);
                done += length;
                at += length;
                if (at == target.byteSize()) {
                    to++;
                    at = 0;
                }
            }
        }
    }
}
