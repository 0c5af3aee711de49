// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import java.util.List;

/// Everything there is to see of one crash that broke a promise. The arrays are the scene's own; nobody changes them.
///
/// @param base what the medium held when the trace began
/// @param trace what the program did, to its end
/// @param at how many events had happened
/// @param durable what was on the medium for certain
/// @param image what the crash left
/// @param pending the stores of which nobody could know, line by line, in the order they were made
@SuppressWarnings("ArrayRecordComponent") // scenes are looked at, never compared
public record Scene(long[] base, Trace trace, int at, long[] durable, long[] image, List<Pending> pending) {

    /// A store that was not durable when the crash came.
    ///
    /// @param writtenBack whether it was on its way, and only the fence was missing
    /// @param arrived whether the image has it
    public record Pending(int word, long value, boolean writtenBack, boolean arrived) {}
}
