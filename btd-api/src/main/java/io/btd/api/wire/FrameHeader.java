// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

/// The header of a frame, the same for both directions. All numbers little-endian.
///
/// ```
///  0  length        4   of the whole frame in bytes: 40 + payload + 4
///  4  version       1   1
///  5  type          1   see MessageType
///  6  flags         2   see the constants
///  8  request id    8   ascending from 1 in a session; of the request answered; 0 outside of calls
/// 16  incarnation   8   of the node, as the client knows it; 0 in HELLO
/// 24  acknowledged  8   every answer up to this id has been received (client to node), else 0
/// 32  deadline      4   milliseconds the call has left, 0 for none
/// 36  checksum      4   CRC-32C of bytes 0..35
/// 40  payload
///     checksum      4   CRC-32C of the payload
/// ```
///
/// @param payloadBytes length of the payload
/// @param type number of the type, 0..255
/// @param flags see the constants
/// @param requestId of the request, 0 outside of calls
/// @param incarnation of the node
/// @param acknowledged up to which request id answers have arrived
/// @param deadlineMillis what is left, 0 for none
public record FrameHeader(
        int payloadBytes,
        int type,
        int flags,
        long requestId,
        long incarnation,
        long acknowledged,
        int deadlineMillis) {

    /// The version of the protocol.
    public static final int VERSION = 1;

    /// Bytes of a header.
    public static final int BYTES = 40;

    /// Bytes behind the payload.
    public static final int TRAILER = 4;

    /// The largest payload (64 MiB and 64 KiB: one memcpy with its arguments), in bytes.
    public static final int MAX_PAYLOAD = (64 << 20) + (64 << 10);

    /// Request: pointers to blocks of other nodes in this request were exported there.
    public static final int EXPORTED = 1;

    /// Request: it was sent before, on another connection.
    public static final int REPEATED = 2;

    /// Batch: calls behind the first that fails are not made.
    public static final int STOP_AT_FAILURE = 4;
}
