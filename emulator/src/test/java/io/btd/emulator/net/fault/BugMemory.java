// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.api.BtdCluster;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What a planted bug has to know to be wrong in an interesting way. Thread-safe.
final class BugMemory {
    /// The fixture is left alone, so that a run gets to its clients.
    private static final int WARM_UP = 20;

    private final BtdCluster cluster;
    private final Set<Long> live = new LinkedHashSet<>();
    private final Set<Long> freed = ConcurrentHashMap.newKeySet();
    private final Map<String, Object> seen = new ConcurrentHashMap<>();
    private int mallocs;
    private int turns;

    BugMemory(BtdCluster cluster) {
        this.cluster = cluster;
    }

    BtdCluster cluster() {
        return cluster;
    }

    /// Whether this call is to be spoiled: one in `every`, once the clients are at work.
    synchronized boolean isTurn(int every) {
        return mallocs > WARM_UP && ++turns % every == 0;
    }

    /// The last block that was granted to a client and not freed, or 0.
    synchronized long anyLive() {
        return live.isEmpty() ? 0 : live.stream().reduce(0L, (a, b) -> b);
    }

    /// Whether it was freed in an earlier life; says so once.
    boolean wasFreed(long block) {
        return freed.remove(block);
    }

    /// What was seen under a key when it was asked for first.
    @Nullable
    Object firstSeen(String key, @Nullable Object now) {
        Object first = now == null ? null : seen.putIfAbsent(key, now);
        return first == null ? now : first;
    }

    synchronized void remember(String method, Object[] arguments, @Nullable Object answer) {
        switch (method) {
            case "malloc" -> {
                mallocs++;
                if (answer instanceof Long block && mallocs > WARM_UP) {
                    live.add(block);
                }
            }
            case "free" -> {
                live.remove(arguments[0]);
                freed.add((Long) arguments[0]);
            }
            case "unlinkAndFree" -> live.remove(arguments[1]);
            default -> {}
        }
    }
}
