// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import java.util.List;

/// A promise that a crash broke.
///
/// @param what what the check says
/// @param promise what was owed
/// @param crashes the crash, and those during the recovery from it
public record Finding(String what, Promise promise, List<Crash> crashes) {

    /// One crash.
    ///
    /// @param position how many events of the trace had happened
    /// @param where the moment: a fence or an acknowledgement
    /// @param lost stores that never reached the medium
    public record Crash(int position, String where, List<String> lost) {}
}
