// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.api.BtdCluster;
import io.btd.emulator.net.history.Finding;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Ways in which a cluster can be wrong. Each spoils one in a few calls of one method, so that most of what clients see
/// is
/// as it should be. The checker must find every one, as what is named here.
@SuppressWarnings("ImmutableEnumChecker") // the lambdas keep nothing
enum PlantedBug {
    /// A block that is live is granted again.
    DOUBLE_GRANT("malloc", 5, Finding.Kind.NOT_LINEARIZABLE, (memory, arguments, call) -> {
        long granted = memory.anyLive();
        return granted == 0 ? call.get() : (Object) granted;
    }),

    /// A block is granted inside another.
    OVERLAPPING_GRANT("malloc", 5, Finding.Kind.OVERLAP, (memory, arguments, call) -> {
        long live = memory.anyLive();
        return live == 0 ? call.get() : (Object) (live + 8);
    }),

    /// Memory is taken that nobody will ever hear of.
    LEAK("malloc", 10, Finding.Kind.BALANCE, (memory, arguments, call) -> {
        Object leaked = call.get();
        Object granted = call.get();
        return granted == null ? leaked : granted;
    }),

    /// A free is made again later, when the block is somebody else's.
    FREE_REPEATED("malloc", 1, Finding.Kind.NOT_LINEARIZABLE, (memory, arguments, call) -> {
        Object granted = call.get();
        if (granted instanceof Long block && memory.wasFreed(block)) {
            memory.cluster().free(block);
        }
        return granted;
    }),

    /// A pointer is acknowledged and not stored.
    LOST_PUBLISH("putPointer", 3, Finding.Kind.NOT_LINEARIZABLE, (memory, arguments, call) -> null),

    /// A name is acknowledged and not stored.
    LOST_NAME(
            "roots.put",
            3,
            Finding.Kind.NOT_LINEARIZABLE,
            (memory, arguments, call) -> memory.cluster().roots().get((String) arguments[0])),

    /// A name is looked up in the memory of earlier days.
    STALE_NAME(
            "roots.get",
            2,
            Finding.Kind.NOT_LINEARIZABLE,
            (memory, arguments, call) -> memory.firstSeen((String) arguments[0], call.get())),

    /// "If absent" looks first and stores later, and somebody else stored in between.
    PUT_IF_ABSENT_IN_TWO_STEPS("roots.putIfAbsent", 2, Finding.Kind.NOT_LINEARIZABLE, (memory, arguments, call) -> {
        memory.cluster().roots().put((String) arguments[0], (Long) arguments[1]);
        return 0L;
    }),

    /// A compare-and-set says that it succeeded where another had succeeded.
    CAS_SUCCEEDS_TWICE("compareAndSet", 3, Finding.Kind.NOT_LINEARIZABLE, (memory, arguments, call) -> {
        Object truth = call.get();
        return truth != null;
    }),

    /// An addition is repeated, as by a node that does not remember what it answered before a reconnect.
    REPEATED_ADD("getAndAdd", 4, Finding.Kind.NOT_LINEARIZABLE, (memory, arguments, call) -> {
        Object first = call.get();
        Object repeated = call.get();
        return repeated == null ? null : first;
    }),

    /// A call gets the answer of another.
    ANSWER_OF_ANOTHER(
            "getLong",
            3,
            Finding.Kind.NOT_LINEARIZABLE,
            (memory, arguments, call) -> memory.firstSeen("any word", call.get())),

    /// A write is acknowledged and lost.
    LOST_WRITE("memcpy", 5, Finding.Kind.NOT_LINEARIZABLE, (memory, arguments, call) -> null),

    /// The second half of a write is lost.
    TORN_WRITE("memcpy", 5, Finding.Kind.NOT_LINEARIZABLE, (memory, arguments, call) -> {
        MemorySegment source = (MemorySegment) arguments[1];
        arguments[1] = source.asSlice(0, source.byteSize() / 16 * 8);
        return call.get();
    }),

    /// A call ends with an exception of no known kind.
    UNTYPED_ERROR("getLong", 20, Finding.Kind.UNTYPED_ERROR, (memory, arguments, call) -> {
        throw new IllegalStateException("planted");
    });

    /// Answers one call wrongly.
    private interface Spoiler {
        @Nullable
        Object answer(BugMemory memory, Object[] arguments, Supplier<@Nullable Object> call);
    }

    private final String method;
    private final int every;
    private final Finding.Kind found;
    private final Spoiler spoiler;

    PlantedBug(String method, int every, Finding.Kind found, Spoiler spoiler) {
        this.method = method;
        this.every = every;
        this.found = found;
        this.spoiler = spoiler;
    }

    /// As what it is found.
    Finding.Kind found() {
        return found;
    }

    /// The bug, in front of a cluster that is right.
    CallFilter plantedIn(BtdCluster cluster) {
        BugMemory memory = new BugMemory(cluster);
        return (called, arguments, call) -> {
            Object answer = called.equals(method) && memory.isTurn(every)
                    ? spoiler.answer(memory, arguments, call)
                    : call.get();
            memory.remember(called, arguments, answer);
            return answer;
        };
    }
}
