// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import java.nio.ByteBuffer;

/// What DiSNI's `RdmaCmEvent` lacks. Those of the providers here are such.
public interface PrivateData {
    /// What the peer sent along, perhaps with zeros behind it; read-only, and valid also after the event was
    /// acknowledged.
    ByteBuffer privateData();
}
