// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.util.List;

/// What happened to a connection: `rdma_cm_event_type`, in its order.
public enum ConnectionEventKind {
    /// The address leads to a device.
    ADDRESS_RESOLVED,
    /// The address leads nowhere.
    ADDRESS_ERROR,
    /// There is a way to the peer.
    ROUTE_RESOLVED,
    /// There is no way to the peer.
    ROUTE_ERROR,
    /// Somebody wants to connect to a listener.
    CONNECT_REQUEST,
    /// The peer has accepted, where no queue pair was made with the id.
    CONNECT_RESPONSE,
    /// Connecting failed.
    CONNECT_ERROR,
    /// The peer does not answer.
    UNREACHABLE,
    /// The peer does not want the connection, or nobody listens.
    REJECTED,
    /// The connection stands.
    ESTABLISHED,
    /// The connection has ended.
    DISCONNECTED,
    /// The device goes.
    DEVICE_REMOVAL,
    /// A multicast group was joined.
    MULTICAST_JOIN,
    /// A multicast group failed.
    MULTICAST_ERROR,
    /// The device of the address is another one now.
    ADDRESS_CHANGE,
    /// The queue pair may be used for another connection.
    TIME_WAIT_EXIT,
    /// A number that was not known when this was written.
    UNKNOWN;

    private static final List<ConnectionEventKind> ALL = List.of(values());

    static ConnectionEventKind of(int number) {
        return number >= 0 && number < ALL.size() ? ALL.get(number) : UNKNOWN;
    }

    /// Whether the event says how the peer wants to connect.
    boolean hasParameters() {
        return switch (this) {
            case CONNECT_REQUEST, CONNECT_RESPONSE, ESTABLISHED, REJECTED -> true;
            default -> false;
        };
    }
}
