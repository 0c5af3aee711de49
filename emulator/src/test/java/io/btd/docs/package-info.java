// SPDX-License-Identifier: Apache-2.0

/// Tests of the documentation: what it shows is run, what it names exists, what it counts is counted.
@NullMarked
package io.btd.docs;

import org.jspecify.annotations.NullMarked;
