// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma;

import io.btd.api.BtdException;
import io.btd.transport.rdma.disni.RdmaProviders;
import org.jspecify.annotations.Nullable;

/// The provider that the transports of this process share: open while one of them is. Which one says the system
/// property
/// `btd.rdma.provider`. Thread-safe.
final class SharedProvider implements AutoCloseable {
    /// Names the provider.
    static final String PROPERTY = "btd.rdma.provider";

    private static RdmaProviders.@Nullable OpenProvider provider;
    private static int users;

    private boolean closed;

    private SharedProvider() {}

    private static String name() {
        return System.getProperty(PROPERTY, RdmaProviders.DEFAULT);
    }

    /// Whether the provider can be used here.
    static boolean isUsable() {
        try (SharedProvider _ = open()) {
            return true;
        } catch (BtdException refused) {
            return false;
        }
    }

    /// Opens it, unless it is open.
    ///
    /// @throws BtdException.InvalidConfig where it cannot be used here, with what to do
    static SharedProvider open() {
        synchronized (SharedProvider.class) {
            if (users == 0) {
                provider = RdmaProviders.open(name());
            }
            users++;
            return new SharedProvider();
        }
    }

    @Override
    public void close() {
        synchronized (SharedProvider.class) {
            if (closed) {
                return;
            }
            closed = true;
            RdmaProviders.OpenProvider open = provider;
            if (--users == 0 && open != null) {
                provider = null;
                open.close();
            }
        }
    }
}
