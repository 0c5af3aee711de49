// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The memory regions of a stack by their keys. Guarded by its lock. No key comes back, and none is both a local and a
/// remote one, so that a mistaken one is found out.
final class Regions {
    private static final int LOCAL = 0x100;
    private static final int REMOTE = 0x180;
    private static final int STEP = 0x100;

    private final Map<Integer, Region> local = new HashMap<>();
    private final Map<Integer, Region> remote = new HashMap<>();
    private int made;

    int addLocal(Region region) {
        int key = LOCAL + STEP * made;
        local.put(key, region);
        return key;
    }

    int addRemote(Region region) {
        int key = REMOTE + STEP * made++;
        remote.put(key, region);
        return key;
    }

    void remove(Region region) {
        local.remove(region.localKey());
        remote.remove(region.remoteKey());
    }

    /// What a piece of a request of this process names.
    Optional<MemorySegment> local(Domain domain, int key, long address, long bytes, int access) {
        return Optional.ofNullable(local.get(key)).flatMap(region -> region.slice(domain, address, bytes, access));
    }

    /// What a peer's request names.
    Optional<MemorySegment> remote(Domain domain, int key, long address, long bytes, int access) {
        return Optional.ofNullable(remote.get(key)).flatMap(region -> region.slice(domain, address, bytes, access));
    }
}
