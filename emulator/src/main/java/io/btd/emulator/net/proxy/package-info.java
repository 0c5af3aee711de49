// SPDX-License-Identifier: Apache-2.0

/// A link that can be broken on purpose: a TCP proxy between any two parts of a cluster.
@NullMarked
package io.btd.emulator.net.proxy;

import org.jspecify.annotations.NullMarked;
