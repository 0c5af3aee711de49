// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.Alloc;
import io.btd.api.AsyncCluster;
import io.btd.api.Batch;
import io.btd.api.BlockView;
import io.btd.api.BtdCluster;
import io.btd.api.ClusterStat;
import io.btd.api.Durability;
import io.btd.api.LocalAllocator;
import io.btd.api.RecoveryReport;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/// A cluster without the calls that the index does not use.
abstract class PartialCluster implements BtdCluster {

    @Override
    public long malloc(long size, Alloc alloc) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void malloc(long size, Alloc alloc, long[] into) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void free(long[] these) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long realloc(long block, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long usableSize(long block) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void memcpy(long destination, long source, long bytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Durability write(long destination, MemorySegment source, Durability durability) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void readRaw(long source, MemorySegment destination) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean compareAndSet(long address, long expected, long value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long getAndAdd(long address, long delta) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long getAndSet(long address, long value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BlockView view(long block) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LocalAllocator local() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ClusterStat stat() {
        throw new UnsupportedOperationException();
    }

    @Override
    public RecoveryReport recovery() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void adopt(long block) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BtdCluster withDeadline(Duration deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BtdCluster near(long block) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BtdCluster on(int node) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BtdCluster spread() {
        throw new UnsupportedOperationException();
    }

    @Override
    public AsyncCluster async() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Batch batch() {
        throw new UnsupportedOperationException();
    }
}
