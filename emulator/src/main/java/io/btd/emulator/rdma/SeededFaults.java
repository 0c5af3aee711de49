// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import java.util.EnumMap;
import java.util.Map;

/// Faults by chance. What goes wrong with an attempt depends on the seed and the attempt alone, not on what other
/// threads do meanwhile.
public final class SeededFaults implements FaultPlan {
    private static final int WHOLE = 1000;

    private final long seed;
    private final Map<Fault, Integer> perMille = new EnumMap<>(Fault.class);

    /// @param perMille how many of a thousand attempts each fault gets; together at most all
    public SeededFaults(long seed, Map<Fault, Integer> perMille) {
        this.seed = seed;
        this.perMille.putAll(perMille);
        int sum = perMille.values().stream().mapToInt(Integer::intValue).sum();
        if (sum > WHOLE) {
            throw new IllegalArgumentException(
                    "more faults than attempts: perMille=" + sum + "; take " + WHOLE + " at most");
        }
    }

    @Override
    public Fault at(FaultPoint point) {
        long draw = Math.floorMod(mixed(point), WHOLE);
        for (Map.Entry<Fault, Integer> fault : perMille.entrySet()) {
            draw -= fault.getValue();
            if (draw < 0) {
                return fault.getKey();
            }
        }
        return Fault.NONE;
    }

    /// A hash of 64 bits, each of which depends on all that goes in (the finaliser of SplitMix64).
    private long mixed(FaultPoint point) {
        long z = seed;
        for (long part : new long[] {point.opcode(), point.queuePair(), point.sequence(), point.attempt()}) {
            z = (z + part) * 0x9E3779B97F4A7C15L;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            z ^= z >>> 31;
        }
        return z;
    }
}
