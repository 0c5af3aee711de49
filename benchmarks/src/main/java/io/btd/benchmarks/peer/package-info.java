// SPDX-License-Identifier: Apache-2.0
/// Whom btd is compared with: echoes, redis and memcached, started as child processes, and small clients that
/// speak to them through bare sockets.
@NullMarked
package io.btd.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
