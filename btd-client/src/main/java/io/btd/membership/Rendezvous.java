// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import java.util.Collection;
import java.util.Comparator;
import java.util.OptionalInt;

/// Chooses a node for a part of the roots: all clients that see the same nodes choose the same, and the parts
/// are spread evenly. Highest random weight; Thaler and Ravishankar, "Using Name-Based Mappings to
/// Increase Hit Rates", IEEE/ACM Transactions on Networking 6(1), 1998.
final class Rendezvous {

    private Rendezvous() {}

    /// The node with the highest weight for `part`; empty when there is none.
    static OptionalInt choose(int part, Collection<Integer> nodes) {
        return nodes.stream()
                .max(Comparator.comparing((Integer node) -> weight(part, node), Long::compareUnsigned)
                        .thenComparing(Comparator.naturalOrder()))
                .map(OptionalInt::of)
                .orElseGet(OptionalInt::empty);
    }

    /// The finalizer of splitmix64 over both numbers.
    private static long weight(int part, int node) {
        long z = ((long) part << Integer.SIZE | node) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
