// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.BtdException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// How one connection ends, and why: the first reason counts. Ending in good order means: send what waits, close
/// that direction, throw away what still comes until the peer closes too. To close at once, with unread bytes in the
/// socket, would reset the connection, and the peer might lose what was sent last. A peer that does not play along is
/// not waited for long. Thread-safe where not said otherwise.
final class Ending {
    /// How long the peer has to close its side.
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Channel channel;
    private final Outbox outbox;
    private final Duration patience;
    private final AtomicReference<@Nullable BtdException> why = new AtomicReference<>();
    private @Nullable Future<?> timer;

    /// @param patience how long the peer has to take what waits
    Ending(Channel channel, Outbox outbox, Duration patience) {
        this.channel = channel;
        this.outbox = outbox;
        this.patience = patience;
    }

    /// Whether there is a reason.
    boolean begun() {
        return why.get() != null;
    }

    /// Notes a reason; false when there is one already.
    boolean because(BtdException reason) {
        return why.compareAndSet(null, reason);
    }

    /// The reason; there must be one.
    BtdException why() {
        return Objects.requireNonNull(why.get(), "connection ended without a reason");
    }

    /// I/O thread: ends in good order.
    ///
    /// @param over is run when nothing more will be sent: for those on this side the connection is over
    void begin(Runnable over) {
        closeIn(patience);
        outbox.finish().addListener(sent -> {
            over.run();
            if (sent.isSuccess() && channel.isActive() && channel instanceof DuplexChannel duplex) {
                closeIn(LINGER);
                duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            } else {
                var _ = channel.close();
            }
        });
    }

    /// I/O thread: the channel is closed.
    void done() {
        outbox.close();
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void closeIn(Duration time) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = channel.eventLoop().schedule(this::closeNow, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void closeNow() {
        var _ = channel.close();
    }
}
