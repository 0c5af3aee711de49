// SPDX-License-Identifier: Apache-2.0

/// Failure-atomic changes to blocks.
///
/// - [io.btd.log.RedoLog]: lanes of redo records, and replaying them
/// - [io.btd.log.StripeLocks]: who may change which range
/// - [io.btd.log.Copier]: memcpy, write, read
/// - [io.btd.log.Words]: pointers and atomics
@NullMarked
package io.btd.log;

import org.jspecify.annotations.NullMarked;
