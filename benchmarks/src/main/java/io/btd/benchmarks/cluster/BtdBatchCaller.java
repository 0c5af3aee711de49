// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.cluster;

import io.btd.api.Alloc;
import io.btd.api.Batch;
import io.btd.api.BtdCluster;
import io.btd.benchmarks.load.Caller;
import io.btd.benchmarks.load.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Batches of btd. Of malloc and free the mallocs make one batch, the frees the next.
final class BtdBatchCaller implements Caller {
    private final Operation operation;
    private final BtdBlocks blocks;
    private final Batch batch;

    BtdBatchCaller(Operation operation, BtdCluster cluster, int depth) {
        this.operation = operation;
        this.blocks = new BtdBlocks(cluster, depth);
        this.batch = cluster.batch();
    }

    @Override
    public void call() throws IOException {
        switch (operation) {
            case READ -> run(slot -> batch.read(blocks.block(slot), blocks.own(slot)));
            case MEMCPY -> run(slot -> batch.memcpy(blocks.block(slot), blocks.own(slot)));
            case PAIR -> {
                List<Long> fresh = run(_ -> batch.malloc(BtdBlocks.BYTES, Alloc.OPAQUE));
                run(slot -> batch.free(fresh.get(slot)));
            }
            case CAS -> {
                List<Boolean> done =
                        run(slot -> batch.compareAndSet(blocks.block(slot), blocks.word(slot), blocks.word(slot) + 1));
                for (int slot = 0; slot < done.size(); slot++) {
                    blocks.replaced(slot, done.get(slot));
                }
            }
            case ECHO -> throw new IllegalArgumentException("btd has no echo");
        }
    }

    private <T> List<T> run(Add<T> add) {
        List<Batch.Result<T>> results = new ArrayList<>(blocks.depth());
        for (int slot = 0; slot < blocks.depth(); slot++) {
            results.add(add.to(slot));
        }
        batch.run();
        List<T> values = new ArrayList<>(results.size());
        for (Batch.Result<T> result : results) {
            values.add(result.get());
        }
        return values;
    }

    @Override
    public void close() {}

    @FunctionalInterface
    private interface Add<T> {
        Batch.Result<T> to(int slot);
    }
}
