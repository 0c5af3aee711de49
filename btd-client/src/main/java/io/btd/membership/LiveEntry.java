// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import io.btd.api.transport.Endpoint;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// `live/<id>`: an ephemeral entry, there while the node's ZooKeeper session is.
///
/// @param arena uuid of the node's arena
/// @param host see [Host#here]
/// @param pid of the node's process
/// @param endpoints where it listens
/// @param incarnation which of its lives this is
/// @param capacity bytes of pages it owns
/// @param available bytes of pages that were free when it announced itself
record LiveEntry(
        UUID arena, String host, long pid, List<Endpoint> endpoints, long incarnation, long capacity, long available) {

    static LiveEntry of(Member member) {
        return new LiveEntry(
                member.arena(),
                member.host(),
                member.pid(),
                member.endpoints(),
                member.incarnation(),
                member.capacity(),
                member.available());
    }

    static LiveEntry parse(String path, byte[] bytes) {
        Lines lines = Lines.parse(path, bytes);
        return new LiveEntry(
                lines.uuid("arena"),
                lines.text("host"),
                lines.number("pid"),
                Arrays.stream(lines.text("endpoints").split(" ", -1))
                        .filter(text -> !text.isEmpty())
                        .map(LiveEntry::endpoint)
                        .toList(),
                lines.number("incarnation"),
                lines.number("capacity"),
                lines.number("available"));
    }

    byte[] bytes() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("arena", arena);
        values.put("host", host);
        values.put("pid", pid);
        values.put("endpoints", endpoints.stream().map(LiveEntry::written).collect(Collectors.joining(" ")));
        values.put("incarnation", incarnation);
        values.put("capacity", capacity);
        values.put("available", available);
        return Lines.write(values);
    }

    // Paths of sockets may hold spaces, which separate endpoints here.
    private static String written(Endpoint endpoint) {
        return endpoint.toString().replace("%", "%25").replace(" ", "%20");
    }

    private static Endpoint endpoint(String written) {
        return Endpoint.parse(written.replace("%20", " ").replace("%25", "%"));
    }
}
