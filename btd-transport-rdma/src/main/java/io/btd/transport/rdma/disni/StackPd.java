// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvPd;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;

/// A protection domain, as DiSNI sees it.
final class StackPd extends IbvPd {
    private final RdmaStack.ProtectionDomain domain;

    StackPd(IbvContext context, RdmaStack.ProtectionDomain domain) throws IOException {
        super(context);
        this.domain = domain;
    }

    RdmaStack.ProtectionDomain domain() throws IOException {
        Open.require(isOpen, "protection domain");
        return domain;
    }

    int dealloc() {
        close();
        domain.close();
        return 0;
    }
}
