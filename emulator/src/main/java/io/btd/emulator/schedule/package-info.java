// SPDX-License-Identifier: Apache-2.0

/// Threads that take turns as a policy says, so that a race is found, and found again.
///
/// - [io.btd.emulator.schedule.Scheduler]: runs one program per thread, one thread at a time
/// - [io.btd.emulator.schedule.LogicalThread]: a thread that goes on only when it has the turn
/// - [io.btd.emulator.schedule.Policy]: who goes on: at random, by priorities (PCT), or as written down
/// - [io.btd.emulator.schedule.Preemptions]: every schedule with up to so many preemptions
/// - [io.btd.emulator.schedule.Outcome]: what a schedule came to, and the switches that lead there again
@NullMarked
package io.btd.emulator.schedule;

import org.jspecify.annotations.NullMarked;
