// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// How much memory this process may lock.
final class LockedMemory {
    private static final String LINE = "Max locked memory";

    private LockedMemory() {}

    /// The limit in bytes; empty where there is none, or none is known.
    static OptionalLong limit() {
        try {
            return limit(Files.readAllLines(Path.of("/proc/self/limits")));
        } catch (IOException unreadable) {
            return OptionalLong.empty();
        }
    }

    /// The same from the lines of the kernel's table: name, soft limit, hard limit, unit.
    static OptionalLong limit(List<String> table) {
        for (String line : table) {
            if (line.startsWith(LINE)) {
                String soft = line.substring(LINE.length()).strip().split(" +", 2)[0];
                return soft.equals("unlimited") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(soft));
            }
        }
        return OptionalLong.empty();
    }
}
