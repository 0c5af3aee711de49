// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What clients leave to the audit: how large blocks are, and those they had to leave alone because nobody knows what
/// became of a call about them. Thread-safe.
record Leftovers(Map<Long, Long> sizes, Set<Long> left) {
    Leftovers() {
        this(new ConcurrentHashMap<>(), ConcurrentHashMap.newKeySet());
    }

    /// A block was granted: whatever was left at its address is gone.
    void granted(long block, long size) {
        left.remove(block);
        sizes.put(block, size);
    }

    /// A block was surely freed.
    void freed(long block) {
        left.remove(block);
    }

    /// A block is left alone, or may outlive the session that holds it.
    void leave(long block) {
        left.add(block);
    }
}
