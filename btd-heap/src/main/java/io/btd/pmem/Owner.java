// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.CRC32C;

/// Who owns an arena: a process by id, start time and boot. The file's lock decides; this is for telling
/// people, and a recycled process id is not mistaken for the owner.
record Owner(long pid, long startMillis, long boot) {
    private static final long MASK = 0xffff_ffff_ffffL;

    /// This process.
    static Owner self() {
        return of(ProcessHandle.current());
    }

    /// Whether this is a process that runs now, on this boot.
    boolean alive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(Owner::of)
                .filter(this::equals)
                .isPresent();
    }

    private static Owner of(ProcessHandle process) {
        long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return new Owner(process.pid() & MASK, start & MASK, bootId());
    }

    private static long bootId() {
        try {
            byte[] id = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                    .strip()
                    .getBytes(StandardCharsets.US_ASCII);
            CRC32C crc = new CRC32C();
            crc.update(id);
            return crc.getValue();
        } catch (IOException unreadable) {
            return 0;
        }
    }
}
