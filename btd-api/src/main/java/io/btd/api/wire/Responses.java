// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import java.lang.foreign.MemorySegment;

/// The bytes of [Response]s: the payload of their frames. Safe for use by many threads.
///
/// A node that answers READ need not make a [Response.Data]: it asks [#dataBytes] how long the payload is and reads
/// straight into [#dataPart].
public final class Responses {
    private Responses() {}

    /// How many bytes the response takes, at most [FrameHeader#MAX_PAYLOAD].
    ///
    /// @throws BtdException.InvalidSize where it does not fit into a frame
    public static int payloadBytes(Response response) {
        PayloadWriter out = PayloadWriter.counting();
        ResponseWriter.write(out, response);
        return out.length();
    }

    /// Writes the response.
    ///
    /// @param into of at least [#payloadBytes] bytes
    public static void encode(Response response, MemorySegment into) {
        ResponseWriter.write(PayloadWriter.into(into), response);
    }

    /// The type of the frame that carries the response to a request.
    public static int frameType(MessageType requestType, Response response) {
        return response instanceof Response.Failed ? MessageType.FAILED.code() : requestType.responseCode();
    }

    /// Reads a response. Segments in it are slices of `payload`, valid as long as that is.
    ///
    /// @param frameType as the frame's header says
    /// @param payload whose checksum was checked
    /// @throws BtdException.Protocol for anything that is no response
    public static Response decode(int frameType, MemorySegment payload) {
        if (!MessageType.isResponse(frameType)) {
            throw new BtdException.Protocol(0, "not a response: type=" + frameType, "answer with the type plus 128");
        }
        return ResponseReader.read(ResponseForm.of(MessageType.of(frameType)), payload);
    }

    /// The length of the payload that carries `bytes` bytes of data.
    ///
    /// @throws BtdException.InvalidSize where they do not fit into a frame
    public static int dataBytes(long bytes) {
        if (bytes < 0 || bytes >= FrameHeader.MAX_PAYLOAD) {
            throw new BtdException.InvalidSize(
                    "too much data for a frame: bytes=" + bytes + ", max=" + (FrameHeader.MAX_PAYLOAD - 1),
                    "read it in parts");
        }
        return 1 + (int) bytes;
    }

    /// The place of the data in a payload of [#dataBytes] bytes; what stands before it is written.
    public static MemorySegment dataPart(MemorySegment payload) {
        payload.set(LittleEndian.U8, 0, (byte) ResponseWriter.DONE);
        return payload.asSlice(1);
    }
}
