// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A program of two threads with a race that may be planted in it.
interface RacyProgram {

    /// What the threads do; from the beginning each time.
    List<Runnable> threads();

    /// What is wrong when they are done, or null.
    @Nullable
    String fault();
}
