// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import java.net.SocketAddress;

/// What addresses of one kind of socket look like in an endpoint. Thread-safe.
public interface Addresses {

    /// Where to connect to.
    ///
    /// @throws io.btd.api.BtdException.InvalidConfig for what is no address
    /// @throws io.btd.api.BtdException.NodeDown for a name that leads nowhere
    SocketAddress remote(String address);

    /// Where to listen; makes the place free where only a dead listener's remains are in the way.
    ///
    /// @throws io.btd.api.BtdException.InvalidConfig for what is no address, or one in use
    SocketAddress local(String address);

    /// What came of listening there.
    Bound bound(String address, SocketAddress actual);

    /// A place where somebody listens.
    ///
    /// @param address as others write it to connect
    /// @param leave removes what is left of it once nobody listens any more
    record Bound(String address, Runnable leave) {}
}
