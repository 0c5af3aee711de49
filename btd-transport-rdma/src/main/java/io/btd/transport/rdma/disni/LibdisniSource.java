// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.impl.RdmaProviderNat;
import io.btd.api.BtdException;
import io.btd.transport.rdma.ResourceCounts;
import java.io.IOException;

/// `disni`: DiSNI's own native library, where an administrator has installed it. Nothing of it is mended but the look
/// into the JDK's own classes, and nothing of it is counted.
public final class LibdisniSource implements ProviderSource {
    /// For the service loader.
    public LibdisniSource() {}

    @Override
    public String name() {
        return "disni";
    }

    @Override
    public Opened open() {
        DisniClasses.mendMemoryUtils();
        try {
            return new Opened(new RdmaProviderNat(), new ResourceCounts(), () -> {});
        } catch (LinkageError | IOException e) {
            BtdException unavailable = new BtdException.InvalidConfig(
                    "DiSNI's native library cannot be used: library=libdisni.so, reason=" + e.getMessage(),
                    "build libdisni 2.1 and add its folder to -Djava.library.path, or take the provider "
                            + VerbsSource.NAME);
            unavailable.initCause(e);
            throw unavailable;
        }
    }
}
