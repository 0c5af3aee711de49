// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.Alloc;
import io.btd.api.ArenaConfig;
import io.btd.api.BtdCluster;
import io.btd.node.EmbeddedCluster;
import java.nio.file.Path;
import java.util.Optional;

/// A process that ends in the middle of making an arena, or of growing into more of its metadata.
public final class KilledMaker {
    static final long CAPACITY = 8 << 20;
    /// More than a child's pages, so that another child's metadata is reserved.
    static final long GROWTH = 5 << 19;

    private KilledMaker() {}

    /// `create|grow PATH N`: ends before operation N of that.
    public static void main(String[] arguments) {
        Path path = Path.of(arguments[1]);
        long operations = Long.parseLong(arguments[2]);
        boolean create = arguments[0].equals("create");
        KillingHook.arm(create ? operations : Long.MAX_VALUE);
        BtdCluster cluster = EmbeddedCluster.open(config(path));
        if (!create) {
            KillingHook.arm(operations);
            cluster.malloc(GROWTH, Alloc.OPAQUE);
        }
    }

    static ArenaConfig config(Path path) {
        return new ArenaConfig(path, CAPACITY, 1, 1, true, Optional.empty(), false);
    }
}
