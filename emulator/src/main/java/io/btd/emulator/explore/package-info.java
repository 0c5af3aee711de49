// SPDX-License-Identifier: Apache-2.0

/// The heap under the crash search: scripts of operations on a real cluster, the promises they make, and
/// what must be found after a crash.
///
/// - [io.btd.emulator.explore.Script], [io.btd.emulator.explore.Operation]: what is done
/// - [io.btd.emulator.explore.Ledger], [io.btd.emulator.explore.HeapState]: what was acknowledged
/// - [io.btd.emulator.explore.Program]: runs a script and has each of its lives crashed
/// - [io.btd.emulator.explore.HeapCheck]: recovers an image and looks whether everything is as promised
/// - [io.btd.emulator.explore.Exploration], [io.btd.emulator.explore.MutantHunt]: which scripts are run
@NullMarked
package io.btd.emulator.explore;

import org.jspecify.annotations.NullMarked;
