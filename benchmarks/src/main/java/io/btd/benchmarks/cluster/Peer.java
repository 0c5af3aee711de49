// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.cluster;

import java.util.Locale;

/// Whom btd can be measured beside.
public enum Peer {
    /// An echo through Netty's event loop.
    NETTY,
    /// An echo through blocking sockets.
    SOCKET,
    /// redis-server, without a file and with one that is synchronized for each SET.
    REDIS,
    /// memcached.
    MEMCACHED;

    /// As it is written on the command line.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
