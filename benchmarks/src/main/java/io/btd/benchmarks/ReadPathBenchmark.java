// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks;

import io.btd.api.PersistenceDomain;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.FrameHeaders;
import io.btd.pmem.MemoryMedium;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What the answer to a READ costs a node beyond the request: the copy from the arena into the frame, the checksum
/// over the frame, the write to a TCP socket on loopback (another thread reads it away), and the whole with the copy
/// and without. The memory that is read is larger than the caches near the core; each operation reads another part.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ReadPathBenchmark {
    private static final long MEMORY = 32L << 20;
    private static final int LARGEST = 1 << 20;

    /// Bytes of one read.
    @Param({"64", "4096", "65536", "1048576"})
    public int bytes;

    private final MemoryMedium medium = new MemoryMedium(MEMORY, PersistenceDomain.PROCESS);
    private final MemorySegment memory = medium.segment();
    private final MemorySegment frame = Arena.ofAuto().allocate(FrameHeader.BYTES + LARGEST + FrameHeader.TRAILER);
    private final ByteBuffer frameBytes = frame.asByteBuffer();
    private final ByteBuffer memoryBytes = memory.asByteBuffer();
    private final ByteBuffer[] parts = {frame.asByteBuffer(), memoryBytes, frame.asByteBuffer()};
    private long at;
    private @Nullable SocketChannel out;

    /// Connects a socket whose other end is read away by a thread of its own.
    @Setup(Level.Trial)
    public void connect() throws IOException {
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            out = SocketChannel.open(listening.getLocalAddress());
            SocketChannel in = listening.accept();
            Thread.ofPlatform().daemon().name("drain").start(() -> drain(in));
        }
    }

    private static void drain(SocketChannel in) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST);
        try (in) {
            while (in.read(buffer.clear()) >= 0) {
                // away with it
            }
        } catch (IOException end) {
            // the other end has gone
        }
    }

    /// Closes the socket.
    @TearDown(Level.Trial)
    public void close() throws IOException {
        socket().close();
    }

    private SocketChannel socket() {
        if (out == null) {
            throw new IllegalStateException("not connected: call connect first");
        }
        return out;
    }

    private long next() {
        at += Math.max(bytes, 4096);
        if (at + bytes > MEMORY) {
            at = 0;
        }
        return at;
    }

    /// The copy into the frame.
    @Benchmark
    public void copy() {
        MemorySegment.copy(memory, next(), frame, FrameHeader.BYTES, bytes);
    }

    /// The checksum over the frame's payload, which was just written.
    @Benchmark
    public int checksum() {
        return FrameHeaders.crc(frame.asSlice(FrameHeader.BYTES, bytes));
    }

    /// The checksum over the memory itself.
    @Benchmark
    public int checksumOfMemory() {
        return FrameHeaders.crc(memory.asSlice(next(), bytes));
    }

    /// The write of the frame.
    @Benchmark
    public void write() throws IOException {
        frameBytes.limit(FrameHeader.BYTES + bytes + FrameHeader.TRAILER).position(0);
        while (frameBytes.hasRemaining()) {
            var _ = socket().write(frameBytes);
        }
    }

    /// As it is done: copied, summed in the frame, written.
    @Benchmark
    public int copied() throws IOException {
        copy();
        int crc = checksum();
        write();
        return crc;
    }

    /// Summed in the memory and written from there, header and trailer beside it. What is written may be other bytes
    /// than were summed.
    @Benchmark
    public int straight() throws IOException {
        int from = (int) next();
        int crc = FrameHeaders.crc(memory.asSlice(from, bytes));
        parts[0].limit(FrameHeader.BYTES).position(0);
        parts[1].limit(from + bytes).position(from);
        parts[2].limit(FrameHeader.TRAILER).position(0);
        while (parts[2].hasRemaining()) {
            var _ = socket().write(parts);
        }
        return crc;
    }
}
