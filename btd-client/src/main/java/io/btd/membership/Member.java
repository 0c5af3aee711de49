// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import io.btd.api.transport.Endpoint;
import java.util.List;
import java.util.UUID;

/// One node of the cluster, as ZooKeeper knows it. What stands behind `live` is that of its last announcement.
///
/// @param node its id, 1..4095, its own for ever
/// @param arena uuid of its arena: tells two nodes apart that claim the same id
/// @param host identity of its machine: host name and boot id, see [Host#here]
/// @param pid of its process
/// @param endpoints where it listens, empty while it is not live
/// @param incarnation which of its lives this is
/// @param capacity bytes of pages it owns
/// @param available bytes of pages that were free when it announced itself
/// @param live whether its ephemeral entry is there
public record Member(
        int node,
        UUID arena,
        String host,
        long pid,
        List<Endpoint> endpoints,
        long incarnation,
        long capacity,
        long available,
        boolean live) {

    /// Copies the list.
    public Member {
        endpoints = List.copyOf(endpoints);
    }
}
