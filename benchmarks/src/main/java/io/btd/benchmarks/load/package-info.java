// SPDX-License-Identifier: Apache-2.0
/// A closed loop of operations against a server on loopback: who is measured ([Subject]), what one run of it
/// yields ([Slice]), and in which order they run ([Rounds]).
@NullMarked
package io.btd.benchmarks.load;

import org.jspecify.annotations.NullMarked;
