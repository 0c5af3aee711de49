// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

/// One life of a block in a race: memory that is used again begins another.
final class RaceBlock {
    final long number;
    final Cell cell;
    final long size;
    /// The call that freed it has returned.
    boolean freed;
    /// Its memory was granted again, while a call that may free it was in flight.
    boolean replaced;

    RaceBlock(long number, Cell cell, long size) {
        this.number = number;
        this.cell = cell;
        this.size = size;
    }

    long pointer() {
        return cell.pointer();
    }

    boolean overlaps(long from, long bytes) {
        return from < pointer() + size && pointer() < from + bytes;
    }
}
