// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException.Closed;
import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.transport.Transport;
import io.btd.api.transport.TransportOptions;
import io.btd.api.transport.TransportProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The transports of one client, opened when they are first needed. Thread-safe.
final class Transports implements AutoCloseable {
    private final List<TransportProvider> providers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Transport> open = new HashMap<>();
    private boolean closed;

    Transports(List<TransportProvider> providers) {
        this.providers = List.copyOf(providers);
    }

    /// What there is, the highest rank first.
    List<TransportProvider> providers() {
        return providers;
    }

    /// The transport of this name.
    Transport named(String name) {
        lock.lock();
        try {
            if (closed) {
                throw new Closed("cluster is closed: transport=" + name);
            }
            return open.computeIfAbsent(
                    name, _ -> provider(name).open(TransportOptions.defaults().withThreads(THREADS)));
        } finally {
            lock.unlock();
        }
    }

    /// A client has few connections: one to each node.
    private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);

    private TransportProvider provider(String name) {
        return providers.stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidConfig(
                        "no such transport here: transport=" + name,
                        "use one of "
                                + providers.stream()
                                        .map(TransportProvider::name)
                                        .toList()));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            open.values().forEach(Transport::close);
            open.clear();
        } finally {
            lock.unlock();
        }
    }
}
