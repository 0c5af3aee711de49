// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.RdmaProvider;
import io.btd.api.BtdException;
import io.btd.transport.rdma.ResourceCounts;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The providers of RDMA, by name, and the one that DiSNI uses. DiSNI's objects find their provider by way of a static
/// field, so one is open at a time in a process.
///
/// | name | what it is |
/// |---|---|
/// | `verbs` | rdma-core, called from Java |
/// | `disni` | DiSNI's own native library |
/// | `software` | verbs in Java, from the emulator |
public final class RdmaProviders {
    /// What is taken unless said otherwise.
    public static final String DEFAULT = VerbsSource.NAME;

    private static final VarHandle IN_USE = inUse();
    private static @Nullable OpenProvider current;

    private RdmaProviders() {}

    private static VarHandle inUse() {
        try {
            return MethodHandles.privateLookupIn(RdmaProvider.class, MethodHandles.lookup())
                    .findStaticVarHandle(RdmaProvider.class, "provider", RdmaProvider.class);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this is not DiSNI 2.1: RdmaProvider has no field `provider`", e);
        }
    }

    /// Opens a provider by its name.
    ///
    /// @throws BtdException.InvalidConfig where there is none of that name, where it cannot be used here, and where
    ///     another one is open; with what to do
    public static OpenProvider open(String name) {
        TreeMap<String, ProviderSource> found = new TreeMap<>();
        for (ProviderSource source : ServiceLoader.load(ProviderSource.class, RdmaProviders.class.getClassLoader())) {
            found.put(source.name(), source);
        }
        ProviderSource source = found.get(name);
        if (source == null) {
            throw new BtdException.InvalidConfig(
                    "there is no such RDMA provider: provider=" + name,
                    "take one of " + String.join(", ", found.keySet())
                            + (found.containsKey("software")
                                    ? ""
                                    : "; software is in the module emulator, which is not on the class path"));
        }
        return open(source);
    }

    /// Opens a provider of one's own. The lock is the one by which DiSNI guards its field.
    @SuppressWarnings("LockOnNonEnclosingClassLiteral")
    public static synchronized OpenProvider open(ProviderSource source) {
        if (current != null) {
            throw new BtdException.InvalidConfig(
                    "an RDMA provider is open: provider=" + current.name() + ", wanted=" + source.name(),
                    "close it first; there is one at a time in a process");
        }
        OpenProvider opened = new OpenProvider(source.name(), source.open());
        synchronized (RdmaProvider.class) {
            IN_USE.set(opened.opened.provider());
        }
        current = opened;
        return opened;
    }

    private static synchronized void closed(OpenProvider provider) {
        if (current == provider) {
            current = null;
        }
    }

    /// The provider that DiSNI uses, until it is closed. Closing it closes all that came of it; DiSNI's calls are
    /// refused from then on, until another one is open. Safe for use by any thread.
    public static final class OpenProvider implements AutoCloseable {
        private final String name;
        private final ProviderSource.Opened opened;

        private OpenProvider(String name, ProviderSource.Opened opened) {
            this.name = name;
            this.opened = opened;
        }

        /// By what it was chosen.
        public String name() {
            return name;
        }

        /// What is open of it.
        public ResourceCounts counts() {
            return opened.counts();
        }

        @Override
        public void close() {
            try {
                opened.end().run();
            } finally {
                closed(this);
            }
        }
    }
}
