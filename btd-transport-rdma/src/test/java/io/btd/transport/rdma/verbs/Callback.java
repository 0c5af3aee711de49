// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Runs Java within a native call that was given a segment: the C library's `bsearch` over its first word.
@SuppressWarnings("restricted")
final class Callback {
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final Linker LINKER = Linker.nativeLinker();

    private final Body body;

    private Callback(Body body) {
        this.body = body;
    }

    interface Body {
        void run() throws Exception;
    }

    static void during(MemorySegment segment, Body body) {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle compare = MethodHandles.lookup()
                    .findVirtual(
                            Callback.class,
                            "compare",
                            MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class))
                    .bindTo(new Callback(body));
            MemorySegment stub =
                    LINKER.upcallStub(compare, FunctionDescriptor.of(ValueLayout.JAVA_INT, POINTER, POINTER), arena);
            MethodHandle bsearch = LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("bsearch"),
                    FunctionDescriptor.of(
                            POINTER, POINTER, POINTER, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, POINTER));
            MemorySegment found = (MemorySegment) bsearch.invokeExact(segment, segment, 1L, (long) Long.BYTES, stub);
            if (found.address() != segment.address()) {
                throw new AssertionError("not found");
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unused") // called by the C library
    private int compare(MemorySegment key, MemorySegment element) throws Exception {
        body.run();
        return 0;
    }
}
