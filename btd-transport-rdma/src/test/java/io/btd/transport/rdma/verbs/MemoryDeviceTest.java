// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.btd.api.BtdException.InvalidConfig;
import io.btd.transport.rdma.ResourceCounts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What memory a device takes, and what it says to the rest.
@OnDevice
class MemoryDeviceTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final Set<Access> ALL = EnumSet.allOf(Access.class);

    private final ResourceCounts counts = new ResourceCounts();
    private final Arena arena = Arena.ofShared();
    private Verbs verbs;
    private ProtectionDomain domain;

    @BeforeEach
    void open() throws VerbsException {
        verbs = Verbs.open(counts);
        domain = verbs.openDevice(Loopback.deviceName()).newProtectionDomain();
    }

    @AfterEach
    void close() {
        verbs.close();
        arena.close();
        assertThat(counts.open()).isEmpty();
    }

    private MemorySegment file(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "registered", "");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.truncate(0);
            channel.write(ByteBuffer.allocate((int) MEBIBYTE));
            return channel.map(MapMode.READ_WRITE, 0, MEBIBYTE, arena);
        } finally {
            Files.delete(file);
        }
    }

    private static Path named(String variable) {
        String path = System.getenv(variable);
        assumeTrue(path != null, variable + " names none");
        return Path.of(path);
    }

    @Test
    void keysDiffer() throws VerbsException {
        MemoryRegion one = domain.register(arena.allocate(4096, 4096), ALL);
        MemoryRegion other = domain.register(arena.allocate(4096, 4096), ALL);
        assertThat(one.localKey()).isNotEqualTo(other.localKey());
        assertThat(one.remoteKey()).isNotEqualTo(other.remoteKey());
    }

    @Test
    void lessThanThereIsMayBeLocked() {
        long limit = LockedMemory.limit().orElse(0);
        assumeTrue(limit > 0 && limit < 1 << 30, () -> "a limit that cannot be tried: bytes=" + limit);
        MemorySegment more = arena.allocate(limit + MEBIBYTE, 4096);
        assertThatThrownBy(() -> domain.register(more, ALL))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("bytes=" + (limit + MEBIBYTE) + ", limit=" + limit)
                .hasMessageContaining("ulimit -l");
        assertThatThrownBy(() -> verbs.ibverbs().regMr(domain.structure(), more, Access.flags(ALL)))
                .isInstanceOfSatisfying(
                        VerbsException.class, e -> assertThat(e.errno()).isEqualTo(VerbsException.ENOMEM));
    }

    @Test
    void aFileOnTheRamdiskIsTaken() throws IOException {
        assertThat(domain.register(file(Path.of("/dev/shm")), ALL).remoteKey()).isNotZero();
    }

    @Test
    void aFileOnADaxFileSystemIsNot() throws IOException {
        MemorySegment mapped = file(named("RIG_DAX"));
        assertThatThrownBy(() -> domain.register(mapped, ALL))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("this memory cannot be registered for RDMA: bytes=" + MEBIBYTE)
                .hasMessageContaining("/dev/dax0.0");
    }

    @Test
    void aDaxDeviceIsTaken() throws VerbsException {
        MemorySegment device = mapDevice(named("RIG_DEVDAX"));
        device.set(JAVA_LONG, 0, 42);
        assertThat(domain.register(device, ALL).remoteKey()).isNotZero();
        assertThat(device.get(JAVA_LONG, 0)).isEqualTo(42);
    }

    /// A character device has no length, so that a file channel does not map it. Stays mapped.
    private MemorySegment mapDevice(Path device) throws VerbsException {
        int readWrite = 2;
        int sharedValidateSync = 0x80003;
        long bytes = 2 * MEBIBYTE;
        NativeLibrary libc = NativeLibrary.ofProcess();
        MethodHandle open =
                libc.bindVariadic("open", 2, FunctionDescriptor.of(JAVA_INT, ValueLayout.ADDRESS, JAVA_INT, JAVA_INT));
        MethodHandle mmap = libc.bind(
                "mmap",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        MethodHandle closeFd = libc.bind("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        MemorySegment name = arena.allocateFrom(device.toString());
        int fd = NativeLibrary.number("open", state -> (int) open.invokeExact(state, name, readWrite, 0));
        long address = NativeLibrary.pointer(
                "mmap", state -> (long) mmap.invokeExact(state, 0L, bytes, 3, sharedValidateSync, fd, 0L));
        assertThat(address).as("address").isNotEqualTo(-1);
        NativeLibrary.run("close", state -> (int) closeFd.invokeExact(state, fd));
        return NativeLibrary.view(address, bytes);
    }
}
