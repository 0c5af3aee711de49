// SPDX-License-Identifier: Apache-2.0

/// A violation for people: what the program did to which field of the arena, where it crashed, which words were lost,
/// what
/// had been promised and what was found.
///
/// - [io.btd.emulator.report.Names]: from an offset to the field that lies there
/// - [io.btd.emulator.report.Account]: the run as data
/// - [io.btd.emulator.report.TextReport], [io.btd.emulator.report.JsonReport], [io.btd.emulator.report.HtmlReport]:
///   the same for a terminal, for programs and as a drawing
@NullMarked
package io.btd.emulator.report;

import org.jspecify.annotations.NullMarked;
