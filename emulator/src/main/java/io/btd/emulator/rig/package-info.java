// SPDX-License-Identifier: Apache-2.0

/// The rig: a virtual machine with soft-RoCE and persistent memory, for machines that have neither. The guest is made
/// and set up by the scripts in `emulator/vm`; this starts it and brings back what its command says.
@NullMarked
package io.btd.emulator.rig;

import org.jspecify.annotations.NullMarked;
