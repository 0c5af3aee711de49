// SPDX-License-Identifier: Apache-2.0
/// `btd bench cluster`: btd beside its peers on loopback, in one run.
@NullMarked
package io.btd.benchmarks.cluster;

import org.jspecify.annotations.NullMarked;
