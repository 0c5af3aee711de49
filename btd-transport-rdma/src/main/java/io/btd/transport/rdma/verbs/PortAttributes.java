// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.lang.foreign.MemorySegment;

/// How a port of a device is.
///
/// @param active whether it carries traffic
/// @param mtu payload of a packet in bytes, 256 to 4096
/// @param maxMessageBytes the longest message or one-sided access
/// @param ethernet whether the link is Ethernet (RoCE, iWARP) rather than InfiniBand
public record PortAttributes(boolean active, int mtu, int maxMessageBytes, boolean ethernet) {
    private static final int PORT_ACTIVE = 4;
    private static final int SMALLEST_MTU = 128;
    private static final byte LINK_LAYER_ETHERNET = 2;

    static PortAttributes read(MemorySegment attributes) {
        byte linkLayer =
                (byte) Structures.handle(Structures.PORT_ATTR, "link_layer").get(attributes, 0L);
        return new PortAttributes(
                number(attributes, "state") == PORT_ACTIVE,
                SMALLEST_MTU << number(attributes, "active_mtu"),
                number(attributes, "max_msg_sz"),
                linkLayer == LINK_LAYER_ETHERNET);
    }

    private static int number(MemorySegment attributes, String field) {
        return (int) Structures.handle(Structures.PORT_ATTR, field).get(attributes, 0L);
    }
}
