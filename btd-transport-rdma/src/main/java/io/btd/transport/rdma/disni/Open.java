// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import java.io.IOException;

/// Refuses what is closed, in DiSNI's way.
final class Open {
    private Open() {}

    static void require(boolean open, String what) throws IOException {
        if (!open) {
            throw new IOException("this is closed: resource=" + what + "; open another one");
        }
    }
}
