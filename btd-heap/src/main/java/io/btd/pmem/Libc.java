// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.ArenaUnusable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Every call into the C library: files, mappings, locks. Linux only. Errors come back as
/// [Failure] with the error number.
@SuppressWarnings("restricted")
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CLOEXEC = 0x80000;
    static final int ENOENT = 2;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int EINVAL = 22;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int EINTR = 4;
    static final int EDQUOT = 122;
    static final int EROFS = 30;
    static final int EISDIR = 21;
    static final int EWOULDBLOCK = 11;
    static final int EOPNOTSUPP = 95;

    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
    /// The flag without which the directory bit of O_TMPFILE would make a directory; it differs on arm64.
    private static final int O_TMPFILE = 0x400000 | (ARM ? 0x4000 : 0x10000);
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_FOLLOW = 0x400;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_SHARED_VALIDATE = 3;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int MAP_SYNC = 0x80000;
    private static final int MS_SYNC = 4;
    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int FALLOC_FL_PUNCH_HOLE = 2;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout POINTER = ValueLayout.ADDRESS;

    private static final MethodHandle OPEN = variadic("open", 2, FunctionDescriptor.of(INT, POINTER, INT, INT));
    private static final MethodHandle CLOSE = bind("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle FTRUNCATE = bind("ftruncate", FunctionDescriptor.of(INT, INT, LONG));
    private static final MethodHandle FSYNC = bind("fsync", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle FALLOCATE = bind("fallocate", FunctionDescriptor.of(INT, INT, INT, LONG, LONG));
    private static final MethodHandle FLOCK = bind("flock", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle LINKAT =
            bind("linkat", FunctionDescriptor.of(INT, INT, POINTER, INT, POINTER, INT));
    private static final MethodHandle MMAP = bind("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG));
    private static final MethodHandle MUNMAP = bind("munmap", FunctionDescriptor.of(INT, LONG, LONG));
    private static final MethodHandle MPROTECT = bind("mprotect", FunctionDescriptor.of(INT, LONG, LONG, INT));
    private static final MethodHandle MSYNC = bind("msync", FunctionDescriptor.of(INT, LONG, LONG, INT));

    private Libc() {}

    /// A call that the C library refused.
    static final class Failure extends IOException {
        private static final long serialVersionUID = 1L;
        private final int errno;

        Failure(String call, int errno) {
            super(call + " failed: errno=" + errno);
            this.errno = errno;
        }

        int errno() {
            return errno;
        }
    }

    /// Says clearly where arenas cannot be held.
    static void requireSupported() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (!os.contains("linux")) {
            throw new ArenaUnusable(
                    ArenaFault.UNSUPPORTED,
                    "this system cannot hold an arena: os=" + os,
                    "embedded mode needs Linux on x86-64 or arm64");
        }
    }

    static int open(Path path, int flags) throws Failure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return checked("open", state, (int) OPEN.invokeExact(state, string(arena, path), flags | O_CLOEXEC, 0));
        } catch (Failure e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /// Opens a file without a name in `directory`: it vanishes with the process unless it is given one.
    static int openTemporary(Path directory) throws Failure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int flags = O_TMPFILE | O_RDWR | O_CLOEXEC;
            return checked("open", state, (int) OPEN.invokeExact(state, string(arena, directory), flags, 0x1b0));
        } catch (Failure e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /// Gives a file opened with [#openTemporary] a name, atomically; EEXIST if the name is taken.
    static void link(int fd, Path path) throws Failure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment from = arena.allocateFrom("/proc/self/fd/" + fd);
            int code =
                    (int) LINKAT.invokeExact(state, AT_FDCWD, from, AT_FDCWD, string(arena, path), AT_SYMLINK_FOLLOW);
            checked("linkat", state, code);
        } catch (Failure e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(arena.allocate(STATE), fd);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void truncate(int fd, long bytes) throws Failure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked("ftruncate", state, (int) FTRUNCATE.invokeExact(state, fd, bytes));
        } catch (Failure e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void sync(int fd) throws Failure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked("fsync", state, (int) FSYNC.invokeExact(state, fd));
        } catch (Failure e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /// Reserves memory for a range; ENOSPC when the medium is full.
    static void reserve(int fd, long offset, long bytes) throws Failure {
        fallocate(fd, FALLOC_FL_KEEP_SIZE, offset, bytes);
    }

    /// Gives the memory of a range back; it reads as zeros afterwards.
    static void punch(int fd, long offset, long bytes) throws Failure {
        fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, offset, bytes);
    }

    private static void fallocate(int fd, int mode, long offset, long bytes) throws Failure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int code;
            do {
                code = (int) FALLOCATE.invokeExact(state, fd, mode, offset, bytes);
            } while (code != 0 && (int) ERRNO.get(state, 0L) == EINTR);
            checked("fallocate", state, code);
        } catch (Failure e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /// Takes the exclusive lock of the open file, which ends with its last descriptor; false if another
    /// open file holds it.
    static boolean tryLock(int fd) throws Failure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int code = (int) FLOCK.invokeExact(state, fd, LOCK_EX | LOCK_NB);
            if (code != 0 && (int) ERRNO.get(state, 0L) == EWOULDBLOCK) {
                return false;
            }
            checked("flock", state, code);
            return true;
        } catch (Failure e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /// Maps a file for reading and writing, shared with everybody.
    static MemorySegment mapShared(int fd, long bytes, Arena arena) throws Failure {
        return map(fd, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, arena);
    }

    /// Maps a file so that stores stay in this process; the file need only be readable.
    static MemorySegment mapPrivate(int fd, long bytes, Arena arena) throws Failure {
        return map(fd, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, arena);
    }

    /// Maps a file with MAP_SYNC, which only DAX grants; empty elsewhere.
    static Optional<MemorySegment> mapSync(int fd, long bytes, Arena arena) throws Failure {
        try {
            return Optional.of(map(fd, bytes, PROT_READ | PROT_WRITE, MAP_SHARED_VALIDATE | MAP_SYNC, arena));
        } catch (Failure e) {
            if (e.errno() == EOPNOTSUPP || e.errno() == EINVAL) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static MemorySegment map(int fd, long bytes, int protection, int flags, Arena owner) throws Failure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long address = (long) MMAP.invokeExact(state, 0L, bytes, protection, flags, fd, 0L);
            if (address == -1) {
                throw new Failure("mmap", (int) ERRNO.get(state, 0L));
            }
            return MemorySegment.ofAddress(address).reinterpret(bytes, owner, mapped -> unmap(address, bytes));
        } catch (Failure e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static void unmap(long address, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) MUNMAP.invokeExact(arena.allocate(STATE), address, bytes);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /// Synchronises the pages of a range with their file. An error of the device ends the call with an
    /// [ArenaUnusable].
    static void msync(long address, long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked("msync", state, (int) MSYNC.invokeExact(state, address, bytes, MS_SYNC));
        } catch (Failure e) {
            throw new ArenaUnusable(
                    ArenaFault.IO, "pages could not be synchronised: errno=" + e.errno(), "check the medium");
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /// Executable memory holding `code`, for the life of the process.
    static MemorySegment executable(byte[] code) {
        long bytes = Math.max(4096, code.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = map(-1, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, Arena.global());
            MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, 0, code.length);
            MemorySegment state = arena.allocate(STATE);
            int protection = PROT_READ | PROT_EXEC;
            checked("mprotect", state, (int) MPROTECT.invokeExact(state, memory.address(), bytes, protection));
            return memory;
        } catch (Failure e) {
            throw new ArenaUnusable(
                    ArenaFault.UNSUPPORTED,
                    "executable memory was denied: errno=" + e.errno(),
                    "use domain=process, or allow executable mappings");
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static int checked(String call, MemorySegment state, int code) throws Failure {
        if (code < 0) {
            throw new Failure(call, (int) ERRNO.get(state, 0L));
        }
        return code;
    }

    private static MemorySegment string(Arena arena, Path path) {
        return arena.allocateFrom(path.toString());
    }

    private static IllegalStateException broken(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        if (e instanceof RuntimeException runtime) {
            throw runtime;
        }
        return new IllegalStateException("native call failed", e);
    }

    private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int fixed, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(fixed));
    }
}
