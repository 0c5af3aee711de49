// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.cluster;

import io.btd.api.Alloc;
import io.btd.api.AsyncCluster;
import io.btd.api.BtdCluster;
import io.btd.benchmarks.load.Operation;
import io.btd.benchmarks.load.Starter;
import io.btd.benchmarks.load.Window;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// Calls of btd that do not wait. A slot's block, memory and word are that of its one operation under way.
final class BtdStarter implements Starter {
    private final Operation operation;
    private final AsyncCluster async;
    private final BtdBlocks blocks;

    BtdStarter(Operation operation, BtdCluster cluster, int depth) {
        this.operation = operation;
        this.async = cluster.async();
        this.blocks = new BtdBlocks(cluster, depth);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // its end goes to the window
    public void start(int slot, Window window) {
        call(slot).whenComplete((_, failed) -> {
            if (failed == null) {
                window.ended(slot);
            } else {
                window.failed(failed);
            }
        });
    }

    private CompletableFuture<?> call(int slot) {
        long block = blocks.block(slot);
        return switch (operation) {
            case READ -> async.read(block, blocks.own(slot));
            case MEMCPY -> async.memcpy(block, blocks.own(slot));
            case PAIR -> async.malloc(BtdBlocks.BYTES, Alloc.OPAQUE).thenCompose(async::free);
            case CAS ->
                async.compareAndSet(block, blocks.word(slot), blocks.word(slot) + 1)
                        .thenAccept(done -> replaced(slot, done));
            case ECHO -> throw new IllegalArgumentException("btd has no echo");
        };
    }

    private void replaced(int slot, boolean done) {
        try {
            blocks.replaced(slot, done);
        } catch (IOException lost) {
            throw new java.io.UncheckedIOException(lost);
        }
    }

    @Override
    public void close() {}
}
