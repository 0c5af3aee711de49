// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.proxy;

import java.time.Duration;

/// What one direction of a link suffers. Bytes are counted from the moment the fault is set, over all connections
/// of the direction.
public sealed interface LinkFault {

    /// Nothing: bytes pass.
    record None() implements LinkFault {}

    /// Nothing arrives, neither bytes nor the end of a connection, until the fault is lifted; then everything does, as
    /// TCP
    /// sends again what a broken network lost.
    record BlackHole() implements LinkFault {}

    /// So many more bytes pass; then the connection that carried the last is ended in both directions. Happens once.
    ///
    /// @param bytes 0 or more
    /// @param reset whether by a reset, else in order
    record CutAfter(long bytes, boolean reset) implements LinkFault {
        /// Checks the count.
        public CutAfter {
            require(bytes >= 0, "bytes", bytes);
        }
    }

    /// One bit arrives flipped. Happens once.
    ///
    /// @param bytes how many pass before the one that is hit
    /// @param bit 0..7
    record FlipBit(long bytes, int bit) implements LinkFault {
        /// Checks the ranges.
        public FlipBit {
            require(bytes >= 0, "bytes", bytes);
            require(bit >= 0 && bit <= 7, "bit", bit);
        }
    }

    /// The direction is slow.
    ///
    /// @param bytesPerSecond 1 or more, over all connections
    record Throttle(long bytesPerSecond) implements LinkFault {
        /// Checks the rate.
        public Throttle {
            require(bytesPerSecond >= 1, "bytesPerSecond", bytesPerSecond);
        }
    }

    /// What is read at once arrives so much later; what follows on the same connection waits behind it.
    record Delay(Duration time) implements LinkFault {}

    /// Bytes pass.
    LinkFault NONE = new None();

    /// Nothing arrives.
    LinkFault BLACK_HOLE = new BlackHole();

    private static void require(boolean holds, String name, long value) {
        if (!holds) {
            throw new IllegalArgumentException("value out of range: " + name + "=" + value);
        }
    }
}
