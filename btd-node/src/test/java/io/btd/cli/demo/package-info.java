// SPDX-License-Identifier: Apache-2.0

/// Tests of the demo index: on [io.btd.cli.demo.StrictCluster], which can crash between any two calls, and on
/// the real cluster in real processes.
@NullMarked
package io.btd.cli.demo;

import org.jspecify.annotations.NullMarked;
