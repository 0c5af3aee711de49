// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.util.List;

/// One node of a cluster, as seen by a client.
///
/// @param node its id
/// @param state whether it serves
/// @param transport how it is reached: `embedded`, `tcp`, `uds`, ...
/// @param endpoint where it is reached, as it is written in configuration
/// @param incarnation how often it has opened its arenas: which of its lives this is
/// @param sessions how many sessions it has, those of dead clients that have not lapsed included
/// @param limbo freed blocks that wait for their former holder to say that it knows
/// @param arenas what it owns; empty while the node cannot be asked
public record NodeStat(
        int node,
        State state,
        String transport,
        String endpoint,
        long incarnation,
        int sessions,
        long limbo,
        List<ArenaStat> arenas) {

    /// Whether a node serves.
    public enum State {
        /// It does.
        UP,
        /// It does, but gives back nothing that it had before it died: not every session of that time has
        /// said yet what it holds.
        RECOVERING,
        /// It cannot be reached.
        DOWN
    }

    /// Copies the list.
    public NodeStat {
        arenas = List.copyOf(arenas);
    }
}
