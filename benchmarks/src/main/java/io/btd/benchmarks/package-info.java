// SPDX-License-Identifier: Apache-2.0

/// JMH benchmarks and `btd bench`, which runs them. What the figures mean: docs/benchmarks.md.
@NullMarked
package io.btd.benchmarks;

import org.jspecify.annotations.NullMarked;
