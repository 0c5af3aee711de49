// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import io.btd.api.BtdException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// A shared library and how its functions are bound and called. It stays loaded for the life of the process.
///
/// Bound functions capture `errno`. A call fails with a null pointer or a negative number (the reason is in `errno`),
/// or
/// with a positive number (which is the reason).
@SuppressWarnings("restricted")
final class NativeLibrary {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final String name;
    private final String debianPackage;
    private final SymbolLookup symbols;

    private NativeLibrary(String name, String debianPackage, SymbolLookup symbols) {
        this.name = name;
        this.debianPackage = debianPackage;
        this.symbols = symbols;
    }

    /// A call whose result is a number; the argument is where `errno` goes.
    interface Code {
        int call(MemorySegment state) throws Throwable;
    }

    /// A call whose result is an address; the argument is where `errno` goes.
    interface Pointer {
        long call(MemorySegment state) throws Throwable;
    }

    /// Loads a library by the name under which the dynamic linker finds it.
    static NativeLibrary load(String name, String debianPackage) {
        try {
            return new NativeLibrary(name, debianPackage, SymbolLookup.libraryLookup(name, Arena.global()));
        } catch (IllegalArgumentException absent) {
            BtdException missing = Unavailable.libraryMissing(name, debianPackage);
            missing.initCause(absent);
            throw missing;
        }
    }

    /// What is part of every process: the C library.
    static NativeLibrary ofProcess() {
        return new NativeLibrary("libc.so.6", "libc6", LINKER.defaultLookup());
    }

    MethodHandle bind(String function, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(symbol(function), descriptor, Linker.Option.captureCallState("errno"));
    }

    /// Binds a function that takes variable arguments after its first `fixed`.
    MethodHandle bindVariadic(String function, int fixed, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                symbol(function),
                descriptor,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(fixed));
    }

    private MemorySegment symbol(String function) {
        return symbols.find(function).orElseThrow(() -> Unavailable.functionMissing(name, function, debianPackage));
    }

    /// Calls whatever function it is given as first argument.
    static MethodHandle indirect(FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(descriptor);
    }

    /// The same for a function that is short, does not block and does not call back.
    static MethodHandle indirectCritical(FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(descriptor, Linker.Option.critical(false));
    }

    /// What lies at an address, for as long as the arena lives.
    static MemorySegment view(long address, long bytes, Arena arena) {
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, null);
    }

    /// What lies at an address, for as long as somebody else says.
    static MemorySegment view(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /// Calls, and throws where the call failed.
    static void run(String function, Code code) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = code.call(state);
            if (result != 0) {
                throw new VerbsException(function, result > 0 ? result : (int) ERRNO.get(state, 0L));
            }
        } catch (VerbsException e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /// Calls for a number, of which only the negative mean failure.
    static int number(String function, Code code) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = code.call(state);
            if (result < 0) {
                throw new VerbsException(function, (int) ERRNO.get(state, 0L));
            }
            return result;
        } catch (VerbsException e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /// Calls for an address.
    static long pointer(String function, Pointer pointer) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long address = pointer.call(state);
            if (address == 0) {
                throw new VerbsException(function, (int) ERRNO.get(state, 0L));
            }
            return address;
        } catch (VerbsException e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /// What a call ended in that was none of its results.
    static RuntimeException broken(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException("native call failed", e);
    }
}
