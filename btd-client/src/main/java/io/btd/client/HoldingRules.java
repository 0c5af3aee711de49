// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.GlobalPointer;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.LongConsumer;

/// When a session begins and ceases to remember a block: the rules of wire.md, "Holding". The session's lock is
/// held.
///
/// What cannot be known here is remembered rather than forgotten. A word that was replaced may be in an opaque
/// block, where it publishes nothing; forgetting the block it names would lose it with its node.
final class HoldingRules {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int node;
    private final Holdings holdings;
    private final LostBlocks lost;

    HoldingRules(int node, Holdings holdings, LostBlocks lost) {
        this.node = node;
        this.holdings = holdings;
        this.lost = lost;
    }

    /// A request is about to be sent.
    void sending(Request request) {
        freed(request, holdings::leave);
        if (request instanceof Request.Memcpy(long destination, MemorySegment data) && holdings.count() != 0) {
            shareWords(destination, data);
        }
    }

    /// Blocks whose names are copied into a block may be published by that.
    private void shareWords(long destination, MemorySegment data) {
        for (long at = -destination & 7; at + 8 <= data.byteSize(); at += 8) {
            long word = data.get(WORD, at);
            if (GlobalPointer.node(word) == node) {
                holdings.share(word);
            }
        }
    }

    /// A request was answered.
    ///
    /// @param wanted whether its caller learns of it. One who has gone does not learn that he may use a lost block
    ///     again: it stays lost, for as an orphan it is freed, and may be somebody else's then
    void answered(Request request, Response response, boolean wanted) {
        switch (response) {
            case Response.Failed(BtdException error) -> refused(request, error);
            case Response.ExportFirst _ -> freed(request, holdings::stay);
            default -> done(request, response, wanted);
        }
    }

    private void done(Request request, Response response, boolean wanted) {
        if (wanted) {
            found(request, response);
        }
        switch (request) {
            case Request.Malloc malloc -> gained(response, malloc.size());
            case Request.MallocTyped malloc -> gained(response, malloc.size());
            case Request.Realloc(long block, long size) -> {
                holdings.remove(block);
                gained(response, size);
            }
            case Request.Adopt(long[] blocks) -> each(blocks, block -> holdings.add(block, 0));
            case Request.Free(long[] blocks) -> each(blocks, holdings::remove);
            case Request.UnlinkAndFree unlink -> {
                if (response instanceof Response.Truth(boolean unlinked) && unlinked) {
                    holdings.remove(unlink.expected());
                    holdings.remove(unlink.replacement());
                } else {
                    holdings.stay(unlink.expected());
                }
            }
            case Request.PutPointer put -> holdings.remove(put.target());
            case Request.RootPut put -> {
                if (!put.ifAbsent() || response instanceof Response.Value(long before) && before == 0) {
                    holdings.remove(put.block());
                }
            }
            case Request.SlotSet set -> {
                if (response instanceof Response.Value(long winner) && winner == set.block()) {
                    holdings.remove(set.block());
                }
            }
            case Request.CompareAndSet set -> holdings.share(set.value());
            case Request.GetAndSet set -> holdings.share(set.value());
            case Request.Export(long[] blocks) -> each(blocks, holdings::share);
            case Request.Declare _ -> {
                if (response instanceof Response.Pointers(long[] gone)) {
                    each(gone, block -> holdings.lose(block, lost::add));
                }
            }
            case Request.Batch(List<Request> requests) -> {
                if (response instanceof Response.Results(List<Response> results)) {
                    for (int i = 0; i < Math.min(requests.size(), results.size()); i++) {
                        answered(requests.get(i), results.get(i), wanted);
                    }
                }
            }
            default -> {
                // says nothing about blocks, or nothing certain
            }
        }
    }

    /// What a request was to free stays, but for the blocks before the one that was refused, and for one that
    /// turned out to be free already.
    private void refused(Request request, BtdException error) {
        if (request instanceof Request.Free(long[] blocks) && error.pointer() != 0) {
            int end = 0;
            while (end < blocks.length && blocks[end] != error.pointer()) {
                holdings.remove(blocks[end++]);
            }
        }
        freed(request, holdings::stay);
        if (error instanceof BtdException.InvalidPointer invalid && invalid.fault() == PointerFault.NOT_ALLOCATED) {
            holdings.remove(error.pointer());
        }
    }

    /// Blocks that were allocated for a caller who has gone; nobody knows them, so they are to be freed.
    static void orphans(Request request, Response response, LongConsumer orphan) {
        switch (request) {
            case Request.Malloc _, Request.MallocTyped _ -> {
                if (response instanceof Response.Pointers(long[] blocks)) {
                    each(blocks, orphan);
                }
            }
            case Request.Realloc realloc -> {
                if (response instanceof Response.Value(long grown) && grown != realloc.block()) {
                    orphan.accept(grown);
                }
            }
            case Request.Batch(List<Request> requests) -> {
                if (response instanceof Response.Results(List<Response> results)) {
                    for (int i = 0; i < Math.min(requests.size(), results.size()); i++) {
                        orphans(requests.get(i), results.get(i), orphan);
                    }
                }
            }
            default -> {
                // allocates nothing
            }
        }
    }

    /// The blocks a request frees on the node it is sent to, unless it is refused.
    private static void freed(Request request, LongConsumer consumer) {
        switch (request) {
            case Request.Free(long[] blocks) -> each(blocks, consumer);
            case Request.Realloc realloc -> consumer.accept(realloc.block());
            case Request.UnlinkAndFree unlink -> consumer.accept(unlink.expected());
            case Request.Batch(List<Request> requests) -> requests.forEach(one -> freed(one, consumer));
            default -> {
                // frees nothing
            }
        }
    }

    private void gained(Response response, long size) {
        given(response, block -> holdings.add(block, size));
    }

    /// Blocks of which the caller learns that they live and are its own to use, whoever had them before: what it was
    /// given, and what it found a name of in the cluster's memory.
    private void found(Request request, Response response) {
        switch (request) {
            case Request.Malloc malloc -> given(response, block -> lost.regained(block, malloc.size()));
            case Request.MallocTyped malloc -> given(response, block -> lost.regained(block, malloc.size()));
            case Request.Realloc realloc -> given(response, block -> lost.regained(block, realloc.size()));
            case Request.Adopt(long[] blocks) -> each(blocks, block -> lost.regained(block, 0));
            case Request.RootPut _,
                    Request.SlotSet _,
                    Request.GetAndSet _,
                    Request.RootGet _,
                    Request.SlotGet _,
                    Request.GetLong _ ->
                given(response, block -> {
                    if (block != 0 && lost.has(block)) {
                        lost.regained(block, 0);
                    }
                });
            default -> {
                // tells of no block
            }
        }
    }

    private static void given(Response response, LongConsumer consumer) {
        switch (response) {
            case Response.Pointers(long[] blocks) -> each(blocks, consumer);
            case Response.Value(long block) -> consumer.accept(block);
            default -> {
                // no blocks
            }
        }
    }

    private static void each(long[] blocks, LongConsumer consumer) {
        for (long block : blocks) {
            consumer.accept(block);
        }
    }
}
