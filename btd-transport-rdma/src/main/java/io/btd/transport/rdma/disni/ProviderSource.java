// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.RdmaProvider;
import io.btd.transport.rdma.ResourceCounts;
import io.btd.transport.rdma.stack.RdmaStack;

/// Where a provider comes from. A service: the name in `META-INF/services` is this interface's.
public interface ProviderSource {
    /// By what it is chosen.
    String name();

    /// Opens it.
    ///
    /// @throws io.btd.api.BtdException.InvalidConfig where that cannot be, with what to do
    Opened open();

    /// A provider that is open.
    ///
    /// @param provider what DiSNI is to use
    /// @param counts what is open of it
    /// @param end closes all of it
    record Opened(RdmaProvider provider, ResourceCounts counts, Runnable end) {

        /// DiSNI over a stack.
        public static Opened over(RdmaStack stack) {
            DisniClasses.mendMemoryUtils();
            DisniClasses.mendNativeAffinity();
            return new Opened(new StackProvider(stack), stack.counts(), stack::close);
        }
    }
}
