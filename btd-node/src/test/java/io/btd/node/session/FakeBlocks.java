// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.PointerFault;
import java.util.Set;
import java.util.TreeSet;

/// Blocks without a heap: which live, which wait in limbo, which are fresh.
final class FakeBlocks implements HeldBlocks {
    final Set<Long> live = new TreeSet<>();
    final Set<Long> limbo = new TreeSet<>();
    final Set<Long> published = new TreeSet<>();
    final Set<Long> undecided = new TreeSet<>();

    long malloc(long block) {
        if (limbo.contains(block) || !live.add(block)) {
            throw new AssertionError("handed out twice: block=" + block);
        }
        published.remove(block);
        return block;
    }

    @Override
    public boolean isLive(long block) {
        return live.contains(block);
    }

    @Override
    public void requireLive(long block) {
        if (!isLive(block)) {
            throw new InvalidPointer(block, PointerFault.NOT_ALLOCATED, "not allocated: block=" + block, "none");
        }
    }

    @Override
    public void free(long block) {
        requireLive(block);
        live.remove(block);
    }

    @Override
    public void unallocate(long block) {
        free(block);
        limbo.add(block);
    }

    @Override
    public void bringHome(long block) {
        if (!limbo.remove(block)) {
            throw new AssertionError("not in limbo: block=" + block);
        }
    }

    @Override
    public void freeIfFresh(long block) {
        if (!published.contains(block)) {
            free(block);
        }
    }

    @Override
    public boolean declare(long block) {
        if (undecided.remove(block)) {
            live.add(block);
        }
        return isLive(block);
    }
}
