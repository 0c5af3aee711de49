// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;

/// Whether bytes make sense, and that those which do keep it.
final class Sense {
    private Sense() {}

    /// Decodes `payload`, as in a frame of this type.
    ///
    /// @return whether it says something
    /// @throws AssertionError where what it says is not the same when it is written and read again
    static boolean check(int type, byte[] payload) {
        MemorySegment bytes = MemorySegment.ofArray(payload);
        Message message;
        try {
            message = Message.decode(type, bytes);
        } catch (BtdException.Protocol e) {
            return false;
        }
        byte[] written = message.payload();
        if (!Arrays.equals(written, payload)) {
            same(message, Message.decode(type, MemorySegment.ofArray(written)));
        }
        return true;
    }

    private static void same(Message message, Message again) {
        if (!Same.as(message, again)) {
            throw new AssertionError("first " + message + ", then " + again);
        }
    }

    static MemorySegment hex(String bytes) {
        return MemorySegment.ofArray(HexFormat.of().parseHex(bytes.replace(" ", "")));
    }
}
