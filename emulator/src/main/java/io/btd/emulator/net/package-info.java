// SPDX-License-Identifier: Apache-2.0

/// Clusters broken on purpose: the command `btd faults`, and in the rooms inside what it takes.
/// `docs/internals/faults.md`
/// says how it works.
@NullMarked
package io.btd.emulator.net;

import org.jspecify.annotations.NullMarked;
