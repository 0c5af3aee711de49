// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import java.lang.foreign.MemorySegment;

/// A payload's content with the type of the frame it travels in.
///
/// @param type of the frame, 0..255
/// @param body a [Request], [Response] or [Control]
record Message(int type, Object body) {

    static Message of(Request request) {
        return new Message(request.type().code(), request);
    }

    static Message of(Control control) {
        return new Message(control.type().code(), control);
    }

    static Message of(MessageType request, Response response) {
        return new Message(Responses.frameType(request, response), response);
    }

    /// What `payload` says in a frame of this type.
    ///
    /// @throws BtdException.Protocol when it says nothing
    static Message decode(int type, MemorySegment payload) {
        if (MessageType.isResponse(type)) {
            return new Message(type, Responses.decode(type, payload));
        }
        return new Message(
                type,
                type <= MessageType.NOTICE.code() ? Controls.decode(type, payload) : Requests.decode(type, payload));
    }

    byte[] payload() {
        byte[] payload;
        switch (body) {
            case Request request -> {
                payload = new byte[Requests.payloadBytes(request)];
                Requests.encode(request, MemorySegment.ofArray(payload));
            }
            case Response response -> {
                payload = new byte[Responses.payloadBytes(response)];
                Responses.encode(response, MemorySegment.ofArray(payload));
            }
            case Control control -> {
                payload = new byte[Controls.payloadBytes(control)];
                Controls.encode(control, MemorySegment.ofArray(payload));
            }
            default -> throw new AssertionError(body);
        }
        return payload;
    }
}
