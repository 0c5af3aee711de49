// SPDX-License-Identifier: Apache-2.0
package io.btd.log;

import io.btd.pages.PageBits;
import io.btd.pmem.Geometry;
import io.btd.pmem.PersistentMemory;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/// The layout of a redo record in a lane. *Persistent*.
///
/// ```
///   0  sequence     8   0: the lane holds no record; otherwise records replay in this order
///   8  destination  8   where the payload goes, an offset in the data
///  16  bytes        8
///  24  payload      8   where the payload is: behind the record, or in an extent
///  32  checksum     8   CRC-32C of the four fields and the payload, in the low half
///  40  (unused)    24
///  64  payload          if it fits into the lane
/// ```
///
/// A record counts when its sequence is not 0 and its checksum holds: record and payload are written back
/// together under one fence, whatever their order on the way. *The store of 0 into the sequence retires it.*
final class RedoRecord {
    static final int SEQUENCE = 0;
    static final int DESTINATION = 8;
    static final int BYTES = 16;
    static final int PAYLOAD = 24;
    static final int CHECKSUM = 32;
    static final int HEADER_BYTES = 64;

    private static final int CHUNK = 8192;

    private RedoRecord() {}

    /// The checksum that the record at `lane` should have, by what is in memory.
    static long checksum(PersistentMemory memory, long lane, long payload, long bytes) {
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[(int) Math.min(CHUNK, Math.max(bytes, CHECKSUM))];
        MemorySegment chunk = MemorySegment.ofArray(buffer);
        memory.copyOut(lane, chunk, 0, CHECKSUM);
        crc.update(buffer, 0, CHECKSUM);
        for (long done = 0; done < bytes; ) {
            int step = (int) Math.min(buffer.length, bytes - done);
            memory.copyOut(payload + done, chunk, 0, step);
            crc.update(buffer, 0, step);
            done += step;
        }
        return crc.getValue();
    }

    /// What the fields of a record lead out of, or an empty string.
    static String fault(PersistentMemory memory, Geometry geometry, PageBits bits, long lane) {
        long destination = memory.getLong(lane + DESTINATION);
        long bytes = memory.getLong(lane + BYTES);
        long payload = memory.getLong(lane + PAYLOAD);
        if (bytes < 1 || bytes > geometry.addressSpace()) {
            return "bytes=" + bytes;
        }
        boolean inline = payload == lane + HEADER_BYTES && bytes <= geometry.laneBytes() - HEADER_BYTES;
        if (!inline && !inUse(geometry, bits, payload, bytes)) {
            return "payload=" + payload;
        }
        return inUse(geometry, bits, destination, bytes) ? "" : "destination=" + destination;
    }

    /// Whether a range lies in pages in use: others may have no memory behind them.
    private static boolean inUse(Geometry geometry, PageBits bits, long offset, long bytes) {
        if (!geometry.inData(offset) || bytes > geometry.mediumBytes() - offset) {
            return false;
        }
        for (long page = geometry.pageOf(offset); page <= geometry.pageOf(offset + bytes - 1); page++) {
            if (!bits.isSet(page)) {
                return false;
            }
        }
        return true;
    }
}
