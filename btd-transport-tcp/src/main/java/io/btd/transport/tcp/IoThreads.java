// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.transport.TransportOptions;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The threads of one transport, named `btd-tcp-io-1` and so on. Daemons. A connection stays with one of them for
/// life. Thread-safe.
final class IoThreads {
    /// Beyond this, more threads bring more switches than work done.
    private static final int MOST = 4;

    private final MultiThreadIoEventLoopGroup group;
    private final int count;

    IoThreads(Medium medium, TransportOptions options) {
        count = options.threads() > 0
                ? options.threads()
                : Math.min(Runtime.getRuntime().availableProcessors(), MOST);
        AtomicInteger number = new AtomicInteger();
        group =
                new MultiThreadIoEventLoopGroup(
                        count,
                        work -> {
                            Thread thread = new FastThreadLocalThread(
                                    work, "btd-" + medium.transport() + "-io-" + number.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        },
                        medium.io()) {
                    @Override
                    protected IoEventLoop newChild(Executor executor, IoHandlerFactory io, Object... none) {
                        return new SharedLoop(this, executor, io);
                    }
                };
    }

    MultiThreadIoEventLoopGroup group() {
        return group;
    }

    int count() {
        return count;
    }

    /// Whether the caller is one of them, which must not wait for the others.
    boolean includesCaller() {
        for (EventExecutor thread : group) {
            if (thread.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    /// Ends them; what is still open is closed.
    void end(Duration patience) {
        var _ = group.shutdownGracefully(0, patience.toMillis(), TimeUnit.MILLISECONDS);
        if (!includesCaller()) {
            group.terminationFuture().awaitUninterruptibly(2 * patience.toMillis());
        }
    }
}
