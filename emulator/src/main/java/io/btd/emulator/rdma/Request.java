// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// What a requester asks its peer for.
///
/// @param local where the bytes come from, or for a READ or an atomic, where they go
/// @param bytes how many, of all of `local`
/// @param late whether a WRITE is to reach the memory after its answer
record Request(Work work, List<MemorySegment> local, long bytes, boolean late) {}
