// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.channel;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvSge;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The registered memory of one connection: the places where messages arrive, and those that they are sent from. One
/// thread at a time.
///
/// ```
/// message   credits:16 | flags:16 | bytes of the stream
/// ```
final class StreamBuffers implements AutoCloseable {
    /// The largest message.
    static final int MESSAGE = 16 << 10;

    /// What stands before the bytes of the stream.
    static final int HEADER = 4;

    /// How many messages may be on their way to one end; the same at both ends.
    static final int RECEIVES = 16;

    /// How many messages may be on their way from here.
    static final int SENDS = 16;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate((long) (RECEIVES + SENDS) * MESSAGE, 4096);
    private final IbvMr region;

    StreamBuffers(IbvPd domain) throws IOException {
        try {
            region = domain.regMr(memory.address(), Math.toIntExact(memory.byteSize()), IbvMr.IBV_ACCESS_LOCAL_WRITE)
                    .execute()
                    .free()
                    .getMr();
        } catch (IOException | RuntimeException refused) {
            arena.close();
            throw refused;
        }
    }

    /// Where a message arrives.
    MemorySegment receive(int index) {
        return memory.asSlice((long) index * MESSAGE, MESSAGE);
    }

    /// Where a message is sent from.
    MemorySegment send(int index) {
        return memory.asSlice((long) (RECEIVES + index) * MESSAGE, MESSAGE);
    }

    /// The first bytes of a place, for a request.
    IbvSge piece(MemorySegment place, int bytes) {
        IbvSge piece = new IbvSge();
        piece.setAddr(place.address());
        piece.setLength(bytes);
        piece.setLkey(region.getLkey());
        return piece;
    }

    @Override
    public void close() {
        try {
            region.deregMr().execute().free();
        } catch (IOException refused) {
            throw new IllegalStateException("memory of a connection could not be unregistered", refused);
        } finally {
            arena.close();
        }
    }
}
