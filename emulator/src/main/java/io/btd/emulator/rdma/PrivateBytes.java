// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import java.nio.ByteBuffer;

/// How many bytes a program may send along with a call, and what of them arrives.
enum PrivateBytes {
    CONNECT("rdma_connect", 56),
    ACCEPT("rdma_accept", 196),
    REJECT("rdma_reject", 148);

    private final String call;
    private final int limit;

    PrivateBytes(String call, int limit) {
        this.call = call;
        this.limit = limit;
    }

    /// As it arrives: with zeros behind it.
    ByteBuffer arrive(ByteBuffer sent) throws Refused {
        if (sent.remaining() > limit) {
            throw new Refused(call, Refused.EINVAL, "private data=" + sent.remaining() + ", limit=" + limit);
        }
        byte[] bytes = new byte[limit];
        sent.get(sent.position(), bytes, 0, sent.remaining());
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }
}
