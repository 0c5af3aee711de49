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
}
