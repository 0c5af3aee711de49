// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma;

import io.btd.api.BtdException;
import io.btd.transport.rdma.disni.RdmaProviders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The provider that the transports of this process share: open while one of them is. Which one says the system
/// property
/// `btd.rdma.provider`. Thread-safe.
final class SharedProvider implements AutoCloseable {
    /// Names the provider.
    static final String PROPERTY = "btd.rdma.provider";

    /// The providers that need a device of the kernel's, and where the kernel lists them. Whoever connects to a cluster
    /// asks, and to load rdma-core only to hear that there is none takes a tenth of a second.
    private static final Set<String> ON_DEVICES = Set.of("verbs", "disni");

    private static final Path DEVICES = Path.of("/sys/class/infiniband");

    private static RdmaProviders.@Nullable OpenProvider provider;
    private static int users;

    private boolean closed;

    private SharedProvider() {}

    private static String name() {
        return System.getProperty(PROPERTY, RdmaProviders.DEFAULT);
    }

    /// Whether the provider can be used here.
    static boolean isUsable() {
        if (ON_DEVICES.contains(name()) && !Files.isDirectory(DEVICES)) {
            return false;
        }
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
