// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

import java.util.function.LongSupplier;

/// A subject, and how much CPU time its server has used so far, in nanoseconds.
public record Contestant(Subject subject, LongSupplier serverCpu) {}
