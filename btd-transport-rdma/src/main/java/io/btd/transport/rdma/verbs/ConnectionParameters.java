// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// How two ends want to talk.
///
/// @param responderResources READs and atomics that this side answers at a time, 0 to 255
/// @param initiatorDepth READs and atomics that this side asks at a time, 0 to 255
/// @param retries how often a packet without an answer is sent again, 0 to 7; who connects says it for both
/// @param receiverRetries how often the peer asks again where this end has no place to receive, 0 to 7; 7 is without
/// end
public record ConnectionParameters(int responderResources, int initiatorDepth, int retries, int receiverRetries) {
    private static final int MAX_RETRIES = 7;
    private static final int MAX_DEPTH = 255;

    /// Refuses what cannot be said to the library.
    public ConnectionParameters {
        require("responderResources", responderResources, MAX_DEPTH);
        require("initiatorDepth", initiatorDepth, MAX_DEPTH);
        require("retries", retries, MAX_RETRIES);
        require("receiverRetries", receiverRetries, MAX_RETRIES);
    }

    /// As many retries as there can be: with none, a lost acknowledgement kills the connection.
    public static ConnectionParameters of(int responderResources, int initiatorDepth) {
        return new ConnectionParameters(responderResources, initiatorDepth, MAX_RETRIES, MAX_RETRIES);
    }

    private static void require(String name, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(
                    "a connection parameter is out of range: " + name + "=" + value + "; take 0 to " + most);
        }
    }

    /// As the library has them.
    MemorySegment encode(byte[] privateData, int mostPrivateData, Arena arena) {
        MemorySegment parameters = arena.allocate(Structures.CONN_PARAM);
        MemorySegment data = encodePrivateData(privateData, mostPrivateData, arena);
        Structures.handle(Structures.CONN_PARAM, "private_data").set(parameters, 0L, data.address());
        set(parameters, "private_data_len", privateData.length);
        set(parameters, "responder_resources", responderResources);
        set(parameters, "initiator_depth", initiatorDepth);
        set(parameters, "retry_count", retries);
        set(parameters, "rnr_retry_count", receiverRetries);
        return parameters;
    }

    /// Private data as the library has it; null for none.
    static MemorySegment encodePrivateData(byte[] privateData, int most, Arena arena) {
        if (privateData.length > most) {
            throw new IllegalArgumentException(
                    "too much private data: bytes=" + privateData.length + "; send " + most + " at most");
        }
        return privateData.length == 0 ? MemorySegment.NULL : arena.allocateFrom(ValueLayout.JAVA_BYTE, privateData);
    }

    private static void set(MemorySegment parameters, String field, int value) {
        Structures.handle(Structures.CONN_PARAM, field).set(parameters, 0L, (byte) value);
    }
}
