// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

/// What one run did.
///
/// @param files found in the directory
/// @param indexed new or changed
/// @param unchanged since they were indexed
/// @param removed that were in the index and are gone
/// @param unreadable left out
/// @param freed documents whose memory came back
/// @param bytes read
/// @param millis the run took
public record IndexSummary(
        int files, int indexed, int unchanged, int removed, int unreadable, int freed, long bytes, long millis) {

    /// One line for people.
    String text() {
        return "%d files: %d indexed (%.1f MiB), %d unchanged, %d removed, %d unreadable; %.2f s"
                .formatted(files, indexed, bytes / 1048576.0, unchanged, removed, unreadable, millis / 1000.0);
    }

    /// One line for programs.
    String json() {
        return ("{\"files\":%d,\"indexed\":%d,\"unchanged\":%d,\"removed\":%d,\"unreadable\":%d,\"freed\":%d,"
                        + "\"bytes\":%d,\"millis\":%d}")
                .formatted(files, indexed, unchanged, removed, unreadable, freed, bytes, millis);
    }
}
