// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.wire.Request;
import io.btd.api.wire.Request.Range;
import io.btd.api.wire.Request.Read;
import io.btd.api.wire.Request.Write;
import java.util.function.LongConsumer;

/// Which addresses on its own node a request is about.
final class Blocks {
    private Blocks() {}

    /// Tells `consumer` every address in a request that the node will look at. What the request stores is left
    /// out: it may be no pointer at all, or of another node.
    static void of(Request request, LongConsumer consumer) {
        switch (request) {
            case Request.Free free -> all(free.blocks(), consumer);
            case Request.Adopt adopt -> all(adopt.blocks(), consumer);
            case Request.Export export -> all(export.blocks(), consumer);
            case Request.Realloc realloc -> consumer.accept(realloc.block());
            case Request.UsableSize size -> consumer.accept(size.block());
            case Request.UnlinkAndFree unlink -> {
                consumer.accept(unlink.slot());
                consumer.accept(unlink.expected());
                consumer.accept(unlink.replacement());
            }
            case Request.Memcpy memcpy -> consumer.accept(memcpy.destination());
            case Request.Copy copy -> {
                consumer.accept(copy.destination());
                consumer.accept(copy.source());
            }
            case Write write -> write.ranges().forEach(range -> address(range, consumer));
            case Read read -> read.ranges().forEach(range -> address(range, consumer));
            case Request.GetLong get -> consumer.accept(get.address());
            case Request.PutPointer put -> {
                consumer.accept(put.slot());
                consumer.accept(put.target());
            }
            case Request.CompareAndSet word -> consumer.accept(word.address());
            case Request.GetAndAdd word -> consumer.accept(word.address());
            case Request.GetAndSet word -> consumer.accept(word.address());
            case Request.RootPut put -> consumer.accept(put.block());
            case Request.SlotSet set -> consumer.accept(set.block());
            case Request.Batch batch -> batch.requests().forEach(one -> of(one, consumer));
            case Request.Ping _,
                    Request.Malloc _,
                    Request.MallocTyped _,
                    Request.Declare _,
                    Request.Released _,
                    Request.RootGet _,
                    Request.RootRemove _,
                    Request.RootNames _,
                    Request.SlotGet _,
                    Request.Stat _,
                    Request.Close _ -> {
                // about no block, or about how blocks are held
            }
        }
    }

    private static void all(long[] addresses, LongConsumer consumer) {
        for (long address : addresses) {
            consumer.accept(address);
        }
    }

    private static void address(Range range, LongConsumer consumer) {
        consumer.accept(range.address());
    }
}
