// SPDX-License-Identifier: Apache-2.0
package io.btd.api.transport;

import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// One connection, which sends and receives frames. Thread-safe.
public interface Connection extends AutoCloseable {

    /// A frame to be filled and sent, with room for `payloadBytes` in the transport's own memory. It must be sent, or
    /// discarded.
    ///
    /// @throws io.btd.api.BtdException.InvalidSize for more than the transport carries
    Outbound allocate(int payloadBytes);

    /// Sends a frame, which is the transport's from now on; does not wait. Frames sent by one thread arrive in order.
    /// Those sent in a burst travel together. A frame for a closed connection is dropped: the handler has been
    /// told, or will be.
    void send(
            Outbound frame,
            int type,
            int flags,
            long requestId,
            long incarnation,
            long acknowledged,
            int deadlineMillis);

    /// Whether little enough waits to be sent. Who produces frames stops while it is not, and goes on at
    /// [FrameHandler#writable].
    boolean isWritable();

    /// About how many bytes wait to be sent, those of a frame that has left in part included: that it gets less shows
    /// that the peer takes something. 0 where the transport does not know.
    default long unsent() {
        return 0;
    }

    /// Reads on, or leaves what arrives in the network for now.
    void setReading(boolean reading);

    /// Runs work on the thread that delivers this connection's frames.
    void execute(Runnable work);

    /// Makes the caller the thread that delivers this connection's frames, until the turn is closed: for one that
    /// sends a request and waits for its answer, to be woken by the answer itself. Null where that is not possible,
    /// or not just now; then the answer comes on the connection's own thread.
    default @Nullable Turn turn() {
        return null;
    }

    /// Whether the caller is that thread.
    boolean onThread();

    /// Whether it is open.
    boolean isOpen();

    /// The transport's name.
    String transport();

    /// The other end, for people.
    String peer();

    /// The peer's memory, where the transport reaches it without the peer's help.
    default Optional<OneSidedMemory> oneSided() {
        return Optional.empty();
    }

    /// Sends what waits, then closes; does not wait for it. A second close does nothing.
    @Override
    void close();

    /// Being the thread of a connection. Used by the thread that asked for it.
    interface Turn extends AutoCloseable {

        /// Sends and receives until `answer` is done, or somebody else has to go on: then it is not.
        void until(Future<?> answer);

        /// Ends the turn.
        @Override
        void close();
    }

    /// A frame that is being made. Not thread-safe.
    interface Outbound {

        /// Where the payload goes: exactly as many bytes as were asked for, with whatever was there before.
        java.lang.foreign.MemorySegment payload();

        /// Gives it back unsent.
        void discard();
    }
}
