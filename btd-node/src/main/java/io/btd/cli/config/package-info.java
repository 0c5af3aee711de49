// SPDX-License-Identifier: Apache-2.0

/// The configuration of the `btd` command: which keys there are, where their values come from, and what a
/// mistaken one is told. One file, then `BTD_*` variables, then `--set`; later ones win.
@NullMarked
package io.btd.cli.config;

import org.jspecify.annotations.NullMarked;
