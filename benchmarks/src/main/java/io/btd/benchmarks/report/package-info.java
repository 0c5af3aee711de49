// SPDX-License-Identifier: Apache-2.0
/// What the rounds have shown: as a table, as ratios, as CSV, and as a picture.
@NullMarked
package io.btd.benchmarks.report;

import org.jspecify.annotations.NullMarked;
