// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// malloc and free of volatile allocators, as critical downcalls: the cheapest way Java has to them. A
/// library that the machine lacks fails when its class is first used; ask [#loads] before.
final class NativePeer {
    static final String GLIBC = "libc.so.6";
    static final String JEMALLOC = "libjemalloc.so.2";
    static final String MIMALLOC = "libmimalloc.so.2";

    private NativePeer() {}

    /// The C library's.
    static final class Glibc {
        static final MethodHandle MALLOC = malloc(GLIBC, "malloc");
        static final MethodHandle FREE = free(GLIBC, "free");

        private Glibc() {}
    }

    /// jemalloc's.
    static final class Jemalloc {
        static final MethodHandle MALLOC = malloc(JEMALLOC, "malloc");
        static final MethodHandle FREE = free(JEMALLOC, "free");

        private Jemalloc() {}
    }

    /// mimalloc's.
    static final class Mimalloc {
        static final MethodHandle MALLOC = malloc(MIMALLOC, "mi_malloc");
        static final MethodHandle FREE = free(MIMALLOC, "mi_free");

        private Mimalloc() {}
    }

    /// Whether the machine has a library.
    @SuppressWarnings("restricted") // a benchmark of native code calls native code
    static boolean loads(String library) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(library, arena);
            return true;
        } catch (IllegalArgumentException absent) {
            return false;
        }
    }

    private static MethodHandle malloc(String library, String symbol) {
        return find(library, symbol, FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    }

    private static MethodHandle free(String library, String symbol) {
        return find(library, symbol, FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
    }

    @SuppressWarnings("restricted") // a benchmark of native code calls native code
    private static MethodHandle find(String library, String symbol, FunctionDescriptor descriptor) {
        return Linker.nativeLinker()
                .downcallHandle(
                        SymbolLookup.libraryLookup(library, Arena.global()).findOrThrow(symbol),
                        descriptor,
                        Linker.Option.critical(false));
    }
}
