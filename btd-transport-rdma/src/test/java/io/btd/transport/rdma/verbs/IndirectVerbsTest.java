// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.junit.jupiter.api.Test;

/// The verbs of the table of functions pass their arguments and results as C does. The functions that are called are
/// Java's
/// own, or such of the C library as have the same shape.
@SuppressWarnings("restricted")
class IndirectVerbsTest {
    private static final Linker LINKER = Linker.nativeLinker();

    private final Arena arena = Arena.ofAuto();
    private String called = "";

    @SuppressWarnings("unused") // called as a verb
    private int post(long pair, long requests, MemorySegment refused) {
        called = "post " + pair + " " + requests;
        refused.reinterpret(Long.BYTES).set(ValueLayout.JAVA_LONG, 0, requests + 2 * 128);
        return 12;
    }

    @SuppressWarnings("unused") // called as a verb
    private int notify(long queue, int solicitedOnly) {
        called = "notify " + queue + " " + solicitedOnly;
        return 22;
    }

    private MemorySegment function(String name, MethodType type, FunctionDescriptor descriptor) throws Exception {
        return LINKER.upcallStub(
                MethodHandles.lookup()
                        .findVirtual(IndirectVerbsTest.class, name, type)
                        .bindTo(this),
                descriptor,
                arena);
    }

    @Test
    void posting() throws Exception {
        MemorySegment function = function(
                "post",
                MethodType.methodType(int.class, long.class, long.class, MemorySegment.class),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        MemorySegment pair = arena.allocate(Structures.QP);
        SendRequests requests =
                SendRequests.allocate(arena, 3, 1).send(1).send(2).send(3);
        assertThat(LibIbverbs.post(function, pair, requests.memory(), requests.firstRefused()))
                .isEqualTo(12);
        assertThat(called)
                .isEqualTo("post " + pair.address() + " " + requests.memory().address());
        assertThat(requests.accepted()).isEqualTo(2);
    }

    @Test
    void arming() throws Exception {
        MemorySegment function = function(
                "notify",
                MethodType.methodType(int.class, long.class, int.class),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        MemorySegment queue = arena.allocate(Structures.CQ);
        assertThat(LibIbverbs.reqNotifyCq(function, queue, 1)).isEqualTo(22);
        assertThat(called).isEqualTo("notify " + queue.address() + " 1");
    }

    /// A critical call may not call Java. `timespec_get` takes an address and a number, and gives back the number where
    /// it is
    /// 1, 0 otherwise, after having written the time to the address.
    @Test
    void polling() {
        MemorySegment function = LINKER.defaultLookup().findOrThrow("timespec_get");
        MemorySegment queue = arena.allocate(Structures.CQ);
        Completions completions = Completions.allocate(arena, 1);
        assertThat(LibIbverbs.pollCq(function, queue, 1, completions.memory())).isEqualTo(1);
        assertThat(queue.get(ValueLayout.JAVA_LONG, 0)).isPositive();
        assertThat(LibIbverbs.pollCq(function, queue, -1, completions.memory())).isZero();
    }
}
