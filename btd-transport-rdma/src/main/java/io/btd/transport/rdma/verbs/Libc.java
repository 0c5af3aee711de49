// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// What the provider needs of the C library: descriptors that do not block, and waiting for them.
final class Libc {
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;
    private static final short POLLIN = 1;

    private static final VarHandle FD = Structures.handle(Structures.POLLFD, "fd");
    private static final VarHandle EVENTS = Structures.handle(Structures.POLLFD, "events");

    private static final NativeLibrary PROCESS = NativeLibrary.ofProcess();
    private static final MethodHandle FCNTL =
            PROCESS.bindVariadic("fcntl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle POLL =
            PROCESS.bind("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private Libc() {}

    /// From now on reading from the descriptor fails with EAGAIN where it would wait.
    static void doNotBlock(int descriptor) throws VerbsException {
        int flags = fcntl(descriptor, F_GETFL, 0);
        fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
    }

    /// Whether reading from the descriptor fails where it would wait.
    static boolean doesNotBlock(int descriptor) throws VerbsException {
        return (fcntl(descriptor, F_GETFL, 0) & O_NONBLOCK) != 0;
    }

    private static int fcntl(int descriptor, int command, int argument) throws VerbsException {
        return NativeLibrary.number("fcntl", state -> (int) FCNTL.invokeExact(state, descriptor, command, argument));
    }

    /// Waits until there is something to read, or the time is up, or a signal came.
    ///
    /// @return whether there is something to read, if only the end
    static boolean awaitReadable(int descriptor, int milliseconds) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pollfd = arena.allocate(Structures.POLLFD);
            FD.set(pollfd, 0L, descriptor);
            EVENTS.set(pollfd, 0L, POLLIN);
            return NativeLibrary.number("poll", state -> (int) POLL.invokeExact(state, pollfd, 1L, milliseconds)) > 0;
        } catch (VerbsException e) {
            if (e.errno() == VerbsException.EINTR) {
                return false;
            }
            throw e;
        }
    }
}
