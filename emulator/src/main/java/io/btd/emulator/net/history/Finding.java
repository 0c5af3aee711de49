// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

/// Something a correct cluster does not do.
///
/// @param kind what went wrong
/// @param text for people; may have several lines
public record Finding(Kind kind, String text) {

    /// What went wrong.
    public enum Kind {
        /// No order explains the answers.
        NOT_LINEARIZABLE,
        /// Too much was on its way at once to say whether an order does.
        UNDECIDED,
        /// Two blocks that were live at once have bytes in common.
        OVERLAP,
        /// A call ended with an exception that is none of btd's.
        UNTYPED_ERROR,
        /// What is allocated is not what can be reached.
        BALANCE,
        /// Something did not come back after the faults were over.
        NOT_REACHED_AGAIN
    }
}
