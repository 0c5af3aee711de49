// SPDX-License-Identifier: Apache-2.0

/// What clients saw, and whether a correct cluster can have shown it to them.
///
/// - [io.btd.emulator.net.history.RecordedCluster]: makes calls and records when they began, ended, and how
/// - [io.btd.emulator.net.history.History]: the record: one list of calls per register, extents that lived
/// - [io.btd.emulator.net.history.Linearizability]: whether one register's calls have an order that explains them
/// - [io.btd.emulator.net.history.HistoryChecker]: all checks over a history
///
/// Everything is a register of 64 bits: a word, a name, a slot, the tag that a block is filled with, and whether a
/// block is allocated at an address (1) or not (0). So granting a block twice, losing it, freeing it twice or losing a
/// write are the same question: is there an order?
@NullMarked
package io.btd.emulator.net.history;

import org.jspecify.annotations.NullMarked;
