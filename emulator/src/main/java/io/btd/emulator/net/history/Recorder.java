// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

import io.btd.api.BtdException;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.GlobalPointer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/// Records the calls of one client, and what its sessions hold. Not thread-safe.
///
/// Where a session ends, all that it holds may end: when the client closes, or, when a call about one of its blocks
/// ends
/// with [BtdException.SessionLost], at any moment after the last call about the block that was answered.
final class Recorder {
    private final History history;
    private final int client;
    /// Blocks, and when the last call about each began that was answered.
    private final Map<Long, Long> held = new HashMap<>();

    Recorder(History history, int client) {
        this.history = history;
        this.client = client;
    }

    /// Makes a call and records it.
    ///
    /// @param pointer that it is about, or 0
    <T> Outcome<T> call(long pointer, Supplier<T> body, Answers<T> answers) {
        long began = history.tick();
        Outcome<T> outcome = outcome(body);
        switch (outcome) {
            case Outcome.Done<T>(T answer) -> {
                long ended = history.tick();
                held.computeIfPresent(pointer, (block, before) -> began);
                add(answers.effects(Optional.of(answer)), began, ended);
            }
            case Outcome.Unknown<T> ignored -> add(answers.effects(Optional.empty()), began, Call.NEVER);
            case Outcome.Refused<T>(BtdException why) -> refused(why, began);
        }
        history.count(outcome);
        return outcome;
    }

    private void add(Map<Register, Effect> effects, long began, long ended) {
        effects.forEach((register, effect) -> history.add(register, new Call(client, began, ended, effect)));
    }

    private <T> Outcome<T> outcome(Supplier<T> body) {
        try {
            return new Outcome.Done<>(body.get());
        } catch (BtdException.OutcomeUnknown e) {
            return new Outcome.Unknown<>(e);
        } catch (BtdException e) {
            return new Outcome.Refused<>(e);
        } catch (RuntimeException e) {
            history.found(new Finding(Finding.Kind.UNTYPED_ERROR, "client " + client + ": " + e));
            return new Outcome.Unknown<>(e);
        }
    }

    /// A refusal says something too: that a block is not allocated, or that the session has ended.
    private void refused(BtdException why, long began) {
        switch (why) {
            case BtdException.InvalidPointer pointer
            when pointer.fault() == PointerFault.NOT_ALLOCATED ->
                history.add(
                        Register.block(pointer.pointer()), new Call(client, began, history.tick(), new Effect.Read(0)));
            case BtdException.SessionLost lost -> mayEnd(block -> GlobalPointer.node(block) == lost.node());
            default -> {}
        }
    }

    /// Records that the session was given a block, which is granted zeroed. A client that is given what it holds has
    /// lost its
    /// session on that node and not noticed: nobody else is told.
    void granted(long block, long size, long began) {
        if (holds(block)) {
            mayEnd(other -> GlobalPointer.node(other) == GlobalPointer.node(block));
        }
        long ended = history.tick();
        Call grant = new Call(client, began, ended, new Effect.CompareAndSet(0, 1, true));
        history.add(Register.block(block), grant);
        history.add(Register.content(block), new Call(client, began, ended, Effect.Swap.to(0)));
        history.granted(new Grant(block, size, grant));
        held.put(block, began);
    }

    /// The session holds the block as well, or may.
    void hold(long block, long began) {
        held.put(block, began);
    }

    /// Whether the session holds the block, or may.
    boolean holds(long block) {
        return held.containsKey(block);
    }

    /// The session does not hold the block any more: it was published, or its free was sent.
    void letGo(long block) {
        held.remove(block);
    }

    /// Whatever is held, or may be.
    List<Long> held() {
        return List.copyOf(held.keySet());
    }

    /// What is held may be taken back, since the last call about it.
    void mayEnd(LongPredicate which) {
        held.entrySet().removeIf(entry -> {
            boolean ends = which.test(entry.getKey());
            if (ends) {
                Effect taken = new Effect.CompareAndSet(1, 0, null);
                history.add(Register.block(entry.getKey()), new Call(client, entry.getValue(), Call.NEVER, taken));
            }
            return ends;
        });
    }
}
