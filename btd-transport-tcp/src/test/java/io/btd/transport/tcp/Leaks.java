// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PoolArenaMetric;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What should have been given back. Waits on the I/O threads, never for a time.
final class Leaks {
    private Leaks() {}

    /// Every buffer is followed from now on.
    static void watch() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    /// Nobody uses a buffer any more. Open connections may have been ending, on both sides: looks until they are done,
    /// or a
    /// minute has passed.
    static void none(StreamTransport... transports) throws Exception {
        long until = System.nanoTime() + 60_000_000_000L;
        for (StreamTransport transport : transports) {
            do {
                settle(transport);
            } while (active(transport) != 0 && System.nanoTime() < until);
            assertThat(active(transport))
                    .as("allocations of " + transport.name())
                    .isZero();
        }
    }

    /// Every connection is gone, also for the system.
    static void allClosed(StreamTransport... transports) {
        for (StreamTransport transport : transports) {
            assertThat(transport.connections().newCloseFuture().awaitUninterruptibly(60_000))
                    .isTrue();
        }
    }

    /// Bytes the pools have from the system.
    static long pooled(StreamTransport... transports) {
        return Stream.of(transports)
                .mapToLong(transport -> transport.buffers().metric().usedDirectMemory())
                .sum();
    }

    /// The pool of a closed transport is empty.
    static void nothingPooled(StreamTransport transport) {
        assertThat(active(transport)).isZero();
    }

    /// Open descriptors of this process.
    static int descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        }
    }

    static List<Thread> threads(StreamTransport transport) {
        String prefix = "btd-" + transport.name() + "-io-";
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .peek(thread -> assertThat(thread.isDaemon()).isTrue())
                .toList();
    }

    /// Every I/O thread has done what it had to do, and keeps no buffers for later.
    private static void settle(StreamTransport transport) throws Exception {
        for (EventExecutor thread : transport.threads().group()) {
            thread.submit(() -> {
                        transport.buffers().trimCurrentThreadCache();
                        transport.buffers().trimCurrentThreadCache();
                    })
                    .get();
        }
    }

    private static long active(StreamTransport transport) {
        return transport.buffers().metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }
}
