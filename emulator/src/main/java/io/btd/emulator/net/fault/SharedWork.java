// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.emulator.net.history.History;
import io.btd.emulator.net.history.Outcome;
import io.btd.emulator.net.history.RecordedCluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// What a client does on words and names that all clients share. Every call may end in any way: the history
/// says afterwards whether the answers fit together. Not thread-safe.
final class SharedWork {
    private final RecordedCluster cluster;
    private final Fixture fixture;
    private final History history;
    private final SplittableRandom random;
    /// What was seen last in a word: a compare-and-set that never expects what is there shows nothing.
    private final Map<Long, Long> lastSeen = new HashMap<>();

    SharedWork(RecordedCluster cluster, Fixture fixture, History history, SplittableRandom random) {
        this.cluster = cluster;
        this.fixture = fixture;
        this.history = history;
        this.random = random;
    }

    void step() {
        switch (random.nextInt(5)) {
            case 0, 1 -> count();
            case 2 -> point();
            default -> name();
        }
    }

    private void count() {
        long word = any(fixture.words());
        long value = history.tag() << 8;
        switch (random.nextInt(6)) {
            case 0 -> see(word, cluster.getLong(word), 0);
            case 1, 2 -> see(word, cluster.getAndAdd(word, 1), 1);
            case 3 -> {
                if (cluster.getAndSet(word, value) instanceof Outcome.Done<Long>) {
                    lastSeen.put(word, value);
                }
            }
            default -> {
                if (cluster.compareAndSet(word, lastSeen.getOrDefault(word, 0L), value)
                                instanceof Outcome.Done<Boolean>(Boolean done)
                        && done) {
                    lastSeen.put(word, value);
                } else {
                    see(word, cluster.getLong(word), 0);
                }
            }
        }
    }

    private void see(long word, Outcome<Long> outcome, long added) {
        if (outcome instanceof Outcome.Done<Long>(Long seen)) {
            lastSeen.put(word, seen + added);
        }
    }

    private void point() {
        long word = any(fixture.shared());
        long token = any(fixture.tokens());
        switch (random.nextInt(3)) {
            case 0 -> see(word, cluster.getLong(word), 0);
            case 1 -> cluster.putPointer(word, token);
            default -> cluster.compareAndSet(word, lastSeen.getOrDefault(word, 0L), token);
        }
    }

    private void name() {
        String name = any(Fixture.SHARED_NAMES);
        long token = any(fixture.tokens());
        switch (random.nextInt(4)) {
            case 0 -> cluster.rootGet(name);
            case 1 -> cluster.rootPut(name, token);
            case 2 -> cluster.rootPutIfAbsent(name, token);
            default -> cluster.rootRemove(name, token);
        }
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
