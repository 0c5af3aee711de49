// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaProvider;
import com.ibm.disni.verbs.RdmaVerbs;
import io.btd.transport.rdma.stack.RdmaStack;

/// What DiSNI asks for everything it does. Its objects find their provider by way of a static field, so there is one at
/// a time: see [Installation].
final class StackProvider extends RdmaProvider {
    /// What DiSNI 2.1 expects.
    private static final int VERSION = 32;

    private final RdmaCm cm;
    private final RdmaVerbs verbs = new StackVerbs();

    StackProvider(RdmaStack stack) {
        this.cm = new StackCm(stack);
    }

    @Override
    public RdmaCm openCm() {
        return cm;
    }

    @Override
    public RdmaVerbs openVerbs() {
        return verbs;
    }

    @Override
    public int getVersion() {
        return VERSION;
    }
}
