// SPDX-License-Identifier: Apache-2.0

/// SIGKILL of a real process with several threads, over and over, on one file.
///
/// What a thread does follows from what it finds and a seed, so the test knows without being told, from the number of
/// acknowledged
/// operations alone, what has to be there: [io.btd.emulator.kill.Shelf] is run by the process that dies on an arena,
/// and by
/// the test in its head.
@NullMarked
package io.btd.emulator.kill;

import org.jspecify.annotations.NullMarked;
