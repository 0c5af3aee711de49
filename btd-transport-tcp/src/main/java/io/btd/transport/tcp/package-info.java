// SPDX-License-Identifier: Apache-2.0

/// Frames over TCP and Unix domain sockets, by Netty.
@NullMarked
package io.btd.transport.tcp;

import org.jspecify.annotations.NullMarked;
