// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// A copy of an `rdma_cm_event`, with the addresses of the ids it is about.
record NativeEvent(
        ConnectionEventKind kind,
        int status,
        long id,
        long listener,
        ByteBuffer privateData,
        int responderResources,
        int initiatorDepth) {

    /// Copies the event at an address.
    static NativeEvent copy(long address) {
        return copy(NativeLibrary.view(address, Structures.CM_EVENT.byteSize()));
    }

    static NativeEvent copy(MemorySegment event) {
        ConnectionEventKind kind = ConnectionEventKind.of((int) value(event, "event"));
        boolean more = kind.hasParameters();
        return new NativeEvent(
                kind,
                (int) value(event, "status"),
                value(event, "id"),
                value(event, "listen_id"),
                more ? privateData(event) : ByteBuffer.allocate(0).asReadOnlyBuffer(),
                more ? unsignedByte(event, "responder_resources") : 0,
                more ? unsignedByte(event, "initiator_depth") : 0);
    }

    private static ByteBuffer privateData(MemorySegment event) {
        long from = value(event, "private_data");
        int length = from == 0 ? 0 : unsignedByte(event, "private_data_len");
        byte[] bytes =
                length == 0 ? new byte[0] : NativeLibrary.view(from, length).toArray(JAVA_BYTE);
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    private static int unsignedByte(MemorySegment event, String field) {
        return Byte.toUnsignedInt((byte) value(event, field));
    }

    private static long value(MemorySegment event, String field) {
        return ((Number) Structures.handle(Structures.CM_EVENT, field).get(event, 0L)).longValue();
    }
}
