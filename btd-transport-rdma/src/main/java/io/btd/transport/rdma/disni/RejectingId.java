// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What DiSNI's `RdmaCmId` lacks. Those of the providers here are such.
public interface RejectingId {
    /// Refuses the request that brought this id, which is still to be destroyed.
    ///
    /// @param privateData for the peer, 148 bytes at most
    void reject(ByteBuffer privateData) throws IOException;
}
