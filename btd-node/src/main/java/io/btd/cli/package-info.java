// SPDX-License-Identifier: Apache-2.0

/// The `btd` command.
@NullMarked
package io.btd.cli;

import org.jspecify.annotations.NullMarked;
