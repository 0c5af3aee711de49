// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;

/// The sockets of a [SharedLoop]: as Netty has them, but that the loop is asked whom to wake. Thread-safe where
/// [IoHandler] says so.
final class SharedIo implements IoHandler {
    private final IoHandler io;
    private final SharedLoop loop;

    SharedIo(IoHandler io, SharedLoop loop) {
        this.io = io;
        this.loop = loop;
    }

    /// Wakes who waits for the sockets; any thread.
    void wakeRunner() {
        io.wakeup();
    }

    @Override
    public void wakeup() {
        loop.called(this);
    }

    @Override
    public void initialize() {
        io.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return io.run(context);
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return io.register(handle);
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return io.isCompatible(type);
    }

    @Override
    public void prepareToDestroy() {
        io.prepareToDestroy();
    }

    @Override
    public void destroy() {
        io.destroy();
    }
}
