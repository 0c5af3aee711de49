// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

import io.btd.api.GlobalPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Everything clients did and saw in one run. Thread-safe. Registers hold 0 before their first call.
public final class History {
    private final AtomicLong clock = new AtomicLong();
    private final AtomicLong tags = new AtomicLong();
    private final Map<Register, ConcurrentLinkedQueue<Call>> calls = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Grant> grants = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Finding> findings = new ConcurrentLinkedQueue<>();
    private final AtomicLong made = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();

    /// The next moment.
    public long tick() {
        return clock.incrementAndGet();
    }

    /// A number nobody else has, to fill a block with.
    public long tag() {
        return tags.incrementAndGet();
    }

    /// Records a call.
    public void add(Register register, Call call) {
        calls.computeIfAbsent(register, ignored -> new ConcurrentLinkedQueue<>())
                .add(call);
    }

    void granted(Grant grant) {
        grants.add(grant);
    }

    /// Records something that is wrong by itself.
    public void found(Finding finding) {
        findings.add(finding);
    }

    void count(Outcome<?> outcome) {
        (switch (outcome) {
                    case Outcome.Done<?> ignored -> made;
                    case Outcome.Refused<?> ignored -> refused;
                    case Outcome.Unknown<?> ignored -> unknown;
                })
                .incrementAndGet();
    }

    /// How many calls were answered.
    public long made() {
        return made.get();
    }

    /// How many calls were refused with a typed error, and so had no effect.
    public long refused() {
        return refused.get();
    }

    /// How many calls ended with nobody knowing whether they took effect.
    public long unknown() {
        return unknown.get();
    }

    /// What was done to the block at an address and with its pointer, a line per call, in the order in which the calls
    /// began.
    public List<String> storyOf(long block) {
        return storyOf(GlobalPointer.toString(block));
    }

    List<String> storyOf(String pointer) {
        Map<Long, String> story = new TreeMap<>();
        calls.forEach((register, list) -> list.forEach(call -> {
            String text = register + " " + call;
            if (text.contains(pointer)) {
                story.merge(call.began() * 2 + (call.answered() ? 0 : 1), text, (one, other) -> one + "; " + other);
            }
        }));
        return List.copyOf(story.values());
    }

    Map<Register, List<Call>> registers() {
        Map<Register, List<Call>> copy = new ConcurrentHashMap<>();
        calls.forEach((register, list) -> copy.put(register, new ArrayList<>(list)));
        return copy;
    }

    List<Grant> grants() {
        return new ArrayList<>(grants);
    }

    List<Finding> findings() {
        return new ArrayList<>(findings);
    }
}
