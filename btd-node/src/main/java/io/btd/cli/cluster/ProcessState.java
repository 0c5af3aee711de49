// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import java.util.List;
import java.util.Map;

/// What `btd cluster status` says of one process.
///
/// @param name of its folder
/// @param role `zookeeper` or `node`
/// @param pid its number, 0 while it does not run
/// @param node its node id, 0 where it has none
/// @param state `up`, `recovering` or `down`
/// @param endpoints where it is reached, empty while it is not
/// @param incarnation which of the node's lives this is or was, 0 where it has none
/// @param leader whether it leads the cluster
/// @param log where its log is
record ProcessState(
        String name,
        String role,
        long pid,
        int node,
        String state,
        List<String> endpoints,
        long incarnation,
        boolean leader,
        String log) {
    static final String UP = "up";
    static final String RECOVERING = "recovering";
    static final String DOWN = "down";

    /// Copies the list.
    ProcessState {
        endpoints = List.copyOf(endpoints);
    }

    /// What its mark says: it serves, or starts, which is what recovering takes its time in.
    static ProcessState of(ClusterFolder.Place place, ProcessMark mark) {
        boolean alive = mark.isAlive();
        return new ProcessState(
                place.name(),
                place.role(),
                alive ? mark.process().pid() : 0,
                mark.node(),
                !alive ? DOWN : mark.ready() ? UP : RECOVERING,
                alive ? mark.endpoints() : List.of(),
                mark.incarnation(),
                false,
                place.log().toString());
    }

    /// A process that has never run.
    static ProcessState never(ClusterFolder.Place place) {
        return new ProcessState(
                place.name(),
                place.role(),
                0,
                0,
                DOWN,
                List.of(),
                0,
                false,
                place.log().toString());
    }

    ProcessState withLeader(boolean leads) {
        return new ProcessState(name, role, pid, node, state, endpoints, incarnation, leads, log);
    }

    ProcessState withState(String other) {
        return new ProcessState(name, role, pid, node, other, endpoints, incarnation, leader, log);
    }

    String endpoint() {
        return endpoints.isEmpty() ? "" : endpoints.getFirst();
    }

    Map<String, Object> json() {
        return Map.ofEntries(
                Map.entry("name", name),
                Map.entry("role", role),
                Map.entry("pid", pid),
                Map.entry("node", node),
                Map.entry("state", state),
                Map.entry("endpoint", endpoint()),
                Map.entry("endpoints", endpoints),
                Map.entry("incarnation", incarnation),
                Map.entry("leader", leader),
                Map.entry("log", log));
    }
}
