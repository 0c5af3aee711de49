// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.api.BtdException;
import io.btd.api.GlobalPointer;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A client's session with an [EmbeddedUnderFault]: what it holds is freed when it ends or is lost, and a lost block is
/// refused to
/// it from then on.
final class SimulatedSession implements CallFilter {
    private static final Set<String> READS = Set.of("read", "getLong", "roots.get", "roots.names", "usableSize");
    private static final Set<String> PAST = Set.of("stat", "recovery", "toString");

    private final EmbeddedUnderFault node;
    private final SplittableRandom random;
    private final Set<Long> held = new HashSet<>();
    private final Set<Long> lost = new HashSet<>();
    private volatile boolean cutOff;
    private volatile boolean broken;

    SimulatedSession(EmbeddedUnderFault node, SplittableRandom random) {
        this.node = node;
        this.random = random;
    }

    void cutOff(boolean now) {
        cutOff = now;
    }

    /// The next call loses its connection.
    void breakNext() {
        broken = true;
    }

    /// The lease ran out.
    synchronized void lose() {
        held.forEach(node::giveBack);
        lost.addAll(held);
        held.clear();
    }

    @Override
    public synchronized @Nullable Object around(String method, Object[] arguments, Supplier<@Nullable Object> call) {
        if (method.equals("close")) {
            lose();
            return null;
        }
        if (PAST.contains(method)) {
            return call.get();
        }
        if (node.isDown() || cutOff) {
            throw node.downError();
        }
        for (Object argument : arguments) {
            if (argument instanceof Long block && lost.contains(block)) {
                throw new BtdException.SessionLost(GlobalPointer.node(block), "lost", "allocate anew");
            }
        }
        boolean breaks = broken && !READS.contains(method);
        broken = broken && !breaks;
        if (breaks && random.nextBoolean()) {
            throw unknown();
        }
        long life = node.life();
        Object answer = call.get();
        boolean answered = !breaks && life == node.life() || READS.contains(method);
        remember(method, arguments, answer, answered);
        if (!answered) {
            throw unknown();
        }
        return answer;
    }

    private static BtdException unknown() {
        return new BtdException.OutcomeUnknown(0, "connection broke", "look what became of it");
    }

    private void remember(String method, Object[] arguments, @Nullable Object answer, boolean answered) {
        switch (method) {
            case "malloc" -> {
                long block = answer instanceof Long granted ? granted : 0;
                lost.remove(block);
                if (answered) {
                    held.add(block);
                } else {
                    // Nobody will ever hear of it, so the client gives it back.
                    node.giveBack(block);
                }
            }
            case "free" -> held.remove(arguments[0]);
            case "putPointer" -> held.remove(arguments[1]);
            case "unlinkAndFree" -> {
                if (Boolean.TRUE.equals(answer)) {
                    held.remove(arguments[2]);
                }
            }
            case "roots.put", "roots.putIfAbsent" -> held.remove(arguments[1]);
            case "roots.remove" -> {
                if (Boolean.TRUE.equals(answer)
                        && arguments[0] instanceof String name
                        && name.startsWith("own-")
                        && arguments[1] instanceof Long block) {
                    held.add(block);
                }
            }
            default -> {}
        }
    }
}
