// SPDX-License-Identifier: Apache-2.0
package io.btd.api.transport;

import java.time.Duration;

/// Carries frames by one kind of medium. Thread-safe. Its threads are daemons; closing it closes every listener
/// and connection.
public interface Transport extends AutoCloseable {

    /// The name, as endpoints and configuration write it.
    String name();

    /// Listens.
    ///
    /// @param endpoint port 0 takes a free one; see [Listener#endpoint]
    /// @throws io.btd.api.BtdException.InvalidConfig when it cannot listen there
    Listener listen(Endpoint endpoint, Acceptor acceptor);

    /// Connects; waits until it is done.
    ///
    /// @throws io.btd.api.BtdException.NodeDown when nobody answers within `timeout`
    Connection connect(Endpoint endpoint, FrameHandler handler, Duration timeout);

    @Override
    void close();

    /// Where others connect to. Closing it stops listening; connections stay.
    interface Listener extends AutoCloseable {

        /// Where it listens, with the port it got.
        Endpoint endpoint();

        @Override
        void close();
    }

    /// Is told of new connections.
    interface Acceptor {

        /// The handler of a new connection. Throwing refuses it.
        FrameHandler accepted(Connection connection);
    }
}
