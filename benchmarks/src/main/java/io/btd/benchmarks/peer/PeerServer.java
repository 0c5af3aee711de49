// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import io.btd.benchmarks.load.Link;
import java.net.SocketAddress;

/// A server that listens on TCP and on a Unix domain socket. Thread-safe.
public interface PeerServer extends AutoCloseable {

    /// Where it listens.
    SocketAddress address(Link link);

    /// CPU time used so far by what serves this link, in nanoseconds.
    long cpuNanos(Link link);

    /// Ends it, and waits for that.
    @Override
    void close();
}
