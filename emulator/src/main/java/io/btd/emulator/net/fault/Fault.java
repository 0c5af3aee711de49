// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.emulator.net.proxy.Direction;

/// One thing that is done to a cluster. Nodes and clients are counted from 0; a link is between one client and one
/// node.
public sealed interface Fault {

    /// A node dies at once, as by SIGKILL.
    record Kill(int node) implements Fault {}

    /// A node that died comes back on the same data; nothing if it lives.
    record Restart(int node) implements Fault {}

    /// A node stands still, as by SIGSTOP: it neither answers nor dies.
    record Freeze(int node) implements Fault {}

    /// A node goes on.
    ///
    /// @param pastLease whether it must have stood still for longer than a lease
    record Thaw(int node, boolean pastLease) implements Fault {}

    /// Nothing arrives over a link in one direction.
    record CutOff(int client, int node, Direction direction) implements Fault {}

    /// A link is whole again: whatever slowed or held it is lifted.
    ///
    /// @param pastLease whether it must have been cut off for longer than a lease
    record Rejoin(int client, int node, boolean pastLease) implements Fault {}

    /// The connections of a link are reset.
    record Reset(int client, int node) implements Fault {}

    /// A connection of a link breaks after so many more bytes, mostly within a frame.
    record Cut(int client, int node, Direction direction, int bytes, boolean reset) implements Fault {}

    /// One bit of a link's stream is flipped.
    record Flip(int client, int node, Direction direction, int bytes, int bit) implements Fault {}

    /// A link is slow.
    record Throttle(int client, int node, Direction direction, int bytesPerSecond) implements Fault {}

    /// A link is late.
    record Delay(int client, int node, Direction direction, int millis) implements Fault {}

    /// Nobody can connect to a node any more.
    ///
    /// @param silent whether connections are accepted and never answered, else they are refused
    record ShutDoor(int node, boolean silent) implements Fault {}

    /// A node can be connected to again.
    record OpenDoor(int node) implements Fault {}

    /// The membership (ZooKeeper) cannot be reached.
    record RegistryDown() implements Fault {}

    /// The membership can be reached again.
    record RegistryUp() implements Fault {}

    /// Somebody allocates all that a node has left.
    record Fill(int node) implements Fault {}

    /// And frees it.
    record Drain(int node) implements Fault {}
}
