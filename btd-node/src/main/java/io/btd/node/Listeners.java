// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.transport.Endpoint;
import io.btd.api.transport.Transport;
import io.btd.api.transport.Transport.Listener;
import io.btd.api.transport.TransportOptions;
import io.btd.api.transport.TransportProvider;
import io.btd.node.serve.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Where a node listens, and the transports it does that with: one of each name. Opened and closed by one thread.
final class Listeners implements AutoCloseable {
    private final Map<String, Transport> transports = new LinkedHashMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final Map<Endpoint, Endpoint> actual = new ConcurrentHashMap<>();

    /// Listens on all endpoints, or on none.
    ///
    /// @throws io.btd.api.BtdException.InvalidConfig when it cannot listen on one of them
    Listeners(List<Endpoint> endpoints, Service service) {
        try {
            for (Endpoint endpoint : endpoints) {
                Transport transport = transports.computeIfAbsent(
                        endpoint.transport(),
                        name -> TransportProvider.named(name).open(TransportOptions.defaults()));
                Listener listener = transport.listen(
                        endpoint,
                        connection -> service.accept(connection, () -> actual.getOrDefault(endpoint, endpoint)));
                actual.put(endpoint, listener.endpoint());
                listeners.add(listener);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// With the ports that were taken.
    List<Endpoint> endpoints() {
        return listeners.stream().map(Listener::endpoint).toList();
    }

    /// Takes no new connections; those there are stay.
    void stopListening() {
        listeners.forEach(Listener::close);
    }

    /// Ends every connection, and waits for the threads that carried them.
    @Override
    public void close() {
        stopListening();
        transports.values().forEach(Transport::close);
    }
}
