// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import java.lang.foreign.MemorySegment;

/// The bytes of [Request]s: the payload of their frames. Safe for use by many threads.
public final class Requests {
    private Requests() {}

    /// How many bytes the request takes, at most [FrameHeader#MAX_PAYLOAD].
    ///
    /// @throws BtdException.InvalidSize for counts and lengths that cannot be sent
    /// @throws BtdException.InvalidRoot for a name that is too long
    public static int payloadBytes(Request request) {
        PayloadWriter out = PayloadWriter.counting();
        RequestWriter.write(out, request);
        return out.length();
    }

    /// Writes the request.
    ///
    /// @param into of at least [#payloadBytes] bytes
    public static void encode(Request request, MemorySegment into) {
        RequestWriter.write(PayloadWriter.into(into), request);
    }

    /// Reads a request. Segments in it are slices of `payload`, valid as long as that is.
    ///
    /// @param type as the frame's header says
    /// @param payload whose checksum was checked
    /// @throws BtdException.Protocol for anything that is no request
    public static Request decode(int type, MemorySegment payload) {
        return RequestReader.read(type, payload);
    }
}
