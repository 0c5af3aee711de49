// SPDX-License-Identifier: Apache-2.0

/// Processes of a cluster that can be killed, stopped, continued and started again, and that surely end.
@NullMarked
package io.btd.emulator.net.process;

import org.jspecify.annotations.NullMarked;
