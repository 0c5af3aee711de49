// SPDX-License-Identifier: Apache-2.0
package io.btd.api.transport;

import io.btd.api.BtdException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/// Makes transports of one kind. Found through [ServiceLoader].
public interface TransportProvider {

    /// The transport's name: `tcp`, `uds`, `rdma`.
    String name();

    /// Whether it works on this machine.
    boolean available();

    /// Whether it reaches other machines.
    default boolean leavesMachine() {
        return true;
    }

    /// Among transports that reach an endpoint the one with the highest rank is taken where the configuration says
    /// `auto`.
    int rank();

    /// Makes one.
    Transport open(TransportOptions options);

    /// Every provider that works here, the highest rank first.
    static List<TransportProvider> all() {
        List<TransportProvider> all = new ArrayList<>();
        for (TransportProvider provider : ServiceLoader.load(TransportProvider.class)) {
            if (provider.available()) {
                all.add(provider);
            }
        }
        all.sort((a, b) -> Integer.compare(b.rank(), a.rank()));
        return all;
    }

    /// The provider of this name.
    ///
    /// @throws BtdException.InvalidConfig when there is none that works here
    static TransportProvider named(String name) {
        return all().stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BtdException.InvalidConfig(
                        "no such transport here: transport=" + name,
                        "use one of "
                                + all().stream().map(TransportProvider::name).toList()));
    }
}
