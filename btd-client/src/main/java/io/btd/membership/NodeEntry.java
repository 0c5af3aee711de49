// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// `nodes/<id>`: who has a node id, for ever; and where it was seen last.
///
/// @param reservation of the folder the id was reserved for, see [Reservation]
/// @param arena the arena that has the id; empty until there is one
/// @param host where it was last
/// @param folder of the node there
/// @param pid of its last process, 0 before the first announcement, as the numbers that follow
/// @param incarnation of the last announcement
/// @param capacity of the last announcement
/// @param available of the last announcement
record NodeEntry(
        UUID reservation,
        Optional<UUID> arena,
        String host,
        String folder,
        long pid,
        long incarnation,
        long capacity,
        long available) {

    /// A reserved id without an arena.
    static NodeEntry reserved(UUID reservation, String folder) {
        return new NodeEntry(reservation, Optional.empty(), Host.here(), folder, 0, 0, 0, 0);
    }

    static NodeEntry parse(String path, byte[] bytes) {
        Lines lines = Lines.parse(path, bytes);
        return new NodeEntry(
                lines.uuid("reservation"),
                lines.text("arena").isEmpty() ? Optional.empty() : Optional.of(lines.uuid("arena")),
                lines.text("host"),
                lines.text("folder"),
                lines.number("pid"),
                lines.number("incarnation"),
                lines.number("capacity"),
                lines.number("available"));
    }

    byte[] bytes() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("reservation", reservation);
        arena.ifPresent(uuid -> values.put("arena", uuid));
        values.put("host", host);
        values.put("folder", folder);
        values.put("pid", pid);
        values.put("incarnation", incarnation);
        values.put("capacity", capacity);
        values.put("available", available);
        return Lines.write(values);
    }

    NodeEntry claimedBy(UUID claimant, UUID ticket, String where) {
        return new NodeEntry(ticket, Optional.of(claimant), Host.here(), where, pid, incarnation, capacity, available);
    }

    NodeEntry announced(Member member) {
        return new NodeEntry(
                reservation,
                Optional.of(member.arena()),
                member.host(),
                folder,
                member.pid(),
                member.incarnation(),
                member.capacity(),
                member.available());
    }
}
