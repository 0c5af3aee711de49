// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import java.util.ArrayList;
import java.util.List;

/// A promise that a crash broke.
///
/// @param what what the check says
/// @param promise what was owed
/// @param crashes the crash, and those during the recovery from it
public record Finding(String what, Promise promise, List<Crash> crashes) {

    /// The same, found in the recovery from an earlier crash.
    Finding after(Promise owed, Crash earlier) {
        List<Crash> all = new ArrayList<>(List.of(earlier));
        all.addAll(crashes);
        return new Finding(what, owed, List.copyOf(all));
    }

    /// One crash.
    ///
    /// @param position how many events of the trace had happened
    /// @param where the moment: a fence or an acknowledgement
    /// @param lost stores that never reached the medium
    /// @param scene the trace and the images
    public record Crash(int position, String where, List<String> lost, Scene scene) {}
}
