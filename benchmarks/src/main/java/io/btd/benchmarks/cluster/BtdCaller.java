// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.cluster;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.benchmarks.load.Caller;
import io.btd.benchmarks.load.Operation;
import java.io.IOException;

/// Blocking calls of btd.
final class BtdCaller implements Caller {
    private final Operation operation;
    private final BtdCluster cluster;
    private final BtdBlocks blocks;

    BtdCaller(Operation operation, BtdCluster cluster) {
        this.operation = operation;
        this.cluster = cluster;
        this.blocks = new BtdBlocks(cluster, 1);
    }

    @Override
    public void call() throws IOException {
        switch (operation) {
            case READ -> cluster.read(blocks.block(0), blocks.own(0));
            case MEMCPY -> cluster.memcpy(blocks.block(0), blocks.own(0));
            case PAIR -> cluster.free(cluster.malloc(BtdBlocks.BYTES, Alloc.OPAQUE));
            case CAS -> {
                long word = blocks.word(0);
                blocks.replaced(0, cluster.compareAndSet(blocks.block(0), word, word + 1));
            }
            case ECHO -> throw new IllegalArgumentException("btd has no echo");
        }
    }

    /// The cluster belongs to whoever opened it, and the blocks go with the node.
    @Override
    public void close() {}
}
