// SPDX-License-Identifier: Apache-2.0

/// Clients at work on a cluster while it is broken on purpose, and the judgement afterwards.
///
/// - [io.btd.emulator.net.fault.FaultPlan]: what is broken and when, from a seed
/// - [io.btd.emulator.net.fault.ClusterUnderFault]: what it is broken on
/// - [io.btd.emulator.net.fault.ClientProgram]: what clients do meanwhile, from the same seed
/// - [io.btd.emulator.net.fault.FaultRun]: one plan played, everything mended, audited and judged
@NullMarked
package io.btd.emulator.net.fault;

import org.jspecify.annotations.NullMarked;
