// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What must hold after a crash.
@FunctionalInterface
public interface Check {

    /// Recovers the image in `image` and looks whether `promise` is kept; returns what is wrong, or null. May
    /// go on changing the image, through the gateway only, but not what was promised: the search crashes
    /// the check as well.
    ///
    /// @param random for checks that look at samples; the same for the same image
    @Nullable
    String examine(Recorder image, Promise promise, SplittableRandom random);
}
