// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import io.btd.api.BtdException;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import io.btd.heap.Heap;
import io.btd.node.arena.OpenArena;
import java.util.Arrays;
import java.util.function.LongSupplier;

/// Requests about the lives of blocks. Thread-safe. Each is one operation of the heap, so that closing does not come
/// between what it does to the heap and what it notes of it.
final class BlockRequests {
    private final OpenArena arena;
    private final Heap heap;

    BlockRequests(OpenArena arena) {
        this.arena = arena;
        this.heap = arena.heap();
    }

    Response malloc(Request.Malloc request, Making making) {
        long[] blocks = new long[request.count()];
        int done = 0;
        try (var _ = heap.begin()) {
            for (; done < blocks.length; done++) {
                blocks[done] = held(() -> heap.mallocHeld(request.size(), request.alloc()), making);
            }
        } finally {
            for (int i = 0; done < blocks.length && i < done; i++) {
                giveBack(blocks[i], making);
            }
        }
        return new Response.Pointers(blocks);
    }

    Response malloc(Request.MallocTyped request, Making making) {
        return new Response.Pointers(new long[] {held(() -> heap.mallocHeld(request.layout(), request.size()), making)
        });
    }

    /// A block that this session holds, and nobody has freed in the instant before it did.
    private static long held(LongSupplier malloc, Making making) {
        long block = malloc.getAsLong();
        while (!making.hold(block)) {
            block = malloc.getAsLong();
        }
        return block;
    }

    private void giveBack(long block, Making making) {
        try (var _ = heap.begin()) {
            making.free(block);
        } catch (InvalidPointer freedMeanwhile) {
            // somebody guessed the pointer; it has gone home
        }
    }

    Response free(Request.Free request, Making making) {
        try (var _ = heap.begin()) {
            for (long block : request.blocks()) {
                making.free(block);
            }
            return new Response.Done();
        }
    }

    Response realloc(Request.Realloc request, Making making) {
        try (var _ = heap.begin()) {
            long block = arena.realloc(request.block(), request.size(), making::free);
            making.adopt(block);
            return new Response.Value(block);
        }
    }

    Response usableSize(Request.UsableSize request) {
        try (var _ = heap.begin()) {
            return new Response.Value(heap.finder().blockAt(request.block()).size());
        }
    }

    Response unlinkAndFree(Request.UnlinkAndFree request, Making making) {
        boolean done = arena.words()
                .unlinkAndFree(
                        request.slot(), request.expected(), request.replacement(), making.exported(), making::free);
        if (done) {
            making.published(request.replacement());
        }
        return new Response.Truth(done);
    }

    Response adopt(Request.Adopt request, Making making) {
        try (var _ = heap.begin()) {
            for (long block : request.blocks()) {
                heap.finder().blockAt(block);
            }
            for (long block : request.blocks()) {
                making.adopt(block);
            }
            return new Response.Done();
        }
    }

    Response declare(Request.Declare request, Making making) {
        try (var _ = heap.begin()) {
            return new Response.Pointers(Arrays.stream(request.blocks())
                    .filter(block -> !declared(block, making))
                    .toArray());
        }
    }

    private static boolean declared(long block, Making making) {
        try {
            return making.declare(block);
        } catch (InvalidPointer notOurs) {
            return false;
        }
    }

    Response released(Request.Released request, Making making) {
        for (long block : request.blocks()) {
            making.released(block);
        }
        return new Response.Done();
    }

    Response export(Request.Export request, Making making) {
        try (var _ = heap.begin()) {
            return new Response.Pointers(Arrays.stream(request.blocks())
                    .filter(block -> !exported(block, making))
                    .toArray());
        }
    }

    private boolean exported(long block, Making making) {
        try {
            heap.export(block);
        } catch (BtdException.InvalidPointer none) {
            return false;
        }
        making.published(block);
        return true;
    }
}
