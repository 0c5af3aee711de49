// SPDX-License-Identifier: Apache-2.0

/// The remote client: routing, sessions, calls.
@NullMarked
package io.btd.client;

import org.jspecify.annotations.NullMarked;
