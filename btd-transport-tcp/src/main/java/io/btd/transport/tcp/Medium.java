// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;

/// What carries the bytes of a [StreamTransport]: which of Netty's channels, and what their addresses look like.
/// Thread-safe.
public interface Medium {

    /// The transport's name.
    String transport();

    /// What the transport's threads wait by.
    IoHandlerFactory io();

    /// Makes channels that connect.
    ChannelFactory<? extends Channel> connecting();

    /// Makes channels that listen.
    ChannelFactory<? extends ServerChannel> listening();

    /// What addresses look like.
    Addresses addresses();

    /// Sets what a connection of this kind needs.
    default void tune(ChannelConfig config) {
        // nothing
    }

    /// Sets what a listener of this kind needs.
    default void tuneListener(ChannelConfig config) {
        // nothing
    }

    /// The transport has ended: nothing of the medium may be left.
    default void close() {
        // nothing
    }
}
