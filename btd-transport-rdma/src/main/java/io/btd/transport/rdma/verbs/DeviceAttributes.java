// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.lang.foreign.MemorySegment;

/// What a device can do. Sizes in bytes.
///
/// @param maxRegionBytes the longest region; [Long#MAX_VALUE] where the device knows no limit
/// @param atomicsAreGlobal whether atomics are atomic also against the processor's own (`IBV_ATOMIC_GLOB`)
/// @param maxReadsAccepted READs and atomics that it answers at a time, per queue pair
/// @param maxReadsIssued READs and atomics that it asks at a time, per queue pair
public record DeviceAttributes(
        long maxRegionBytes,
        int maxQueuePairs,
        int maxRequests,
        int maxPieces,
        int maxCompletionQueues,
        int maxCompletions,
        int maxRegions,
        int maxMemoryWindows,
        int maxReadsAccepted,
        int maxReadsIssued,
        int capabilities,
        boolean hasAtomics,
        boolean atomicsAreGlobal,
        int vendor,
        int ports) {
    private static final int ATOMIC_NONE = 0;
    private static final int ATOMIC_GLOB = 2;

    static DeviceAttributes read(MemorySegment attributes) {
        int atomics = number(attributes, "atomic_cap");
        return new DeviceAttributes(
                unsigned((long)
                        Structures.handle(Structures.DEVICE_ATTR, "max_mr_size").get(attributes, 0L)),
                number(attributes, "max_qp"),
                number(attributes, "max_qp_wr"),
                number(attributes, "max_sge"),
                number(attributes, "max_cq"),
                number(attributes, "max_cqe"),
                number(attributes, "max_mr"),
                number(attributes, "max_mw"),
                number(attributes, "max_qp_rd_atom"),
                number(attributes, "max_qp_init_rd_atom"),
                number(attributes, "device_cap_flags"),
                atomics != ATOMIC_NONE,
                atomics == ATOMIC_GLOB,
                number(attributes, "vendor_id"),
                Byte.toUnsignedInt((byte) Structures.handle(Structures.DEVICE_ATTR, "phys_port_cnt")
                        .get(attributes, 0L)));
    }

    /// A device without a limit says 2^64 - 1.
    private static long unsigned(long value) {
        return value < 0 ? Long.MAX_VALUE : value;
    }

    private static int number(MemorySegment attributes, String field) {
        return (int) Structures.handle(Structures.DEVICE_ATTR, field).get(attributes, 0L);
    }
}
