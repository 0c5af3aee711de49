// SPDX-License-Identifier: Apache-2.0

/// What carries frames between a client and a node, found by [java.util.ServiceLoader]. Transports know frames,
/// not what is in them; checksums are theirs.
@NullMarked
package io.btd.api.transport;

import org.jspecify.annotations.NullMarked;
