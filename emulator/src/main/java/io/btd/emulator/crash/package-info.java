// SPDX-License-Identifier: Apache-2.0

/// What a crash leaves: recording what a program does to persistent memory, and searching the images that
/// could remain of it.
///
/// - [io.btd.emulator.crash.CrashHook]: sees every operation; switches sites off
/// - [io.btd.emulator.crash.Recorder], [io.btd.emulator.crash.Trace]: what was done, and what was promised when
/// - [io.btd.emulator.crash.PendingLines]: the persistence model: what is durable, what may or may not be
/// - [io.btd.emulator.crash.Loss]: what a crash takes in each domain
/// - [io.btd.emulator.crash.TraceRules]: what must never be seen in a trace
/// - [io.btd.emulator.crash.CrashImages]: which of the possible images are looked at
/// - [io.btd.emulator.crash.CrashSearch]: crash points x images x a check, deduplicated, nested
@NullMarked
package io.btd.emulator.crash;

import org.jspecify.annotations.NullMarked;
