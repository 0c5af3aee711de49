// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import io.btd.api.Durability;
import io.btd.api.Layout;
import io.btd.api.Roots;
import io.btd.api.ScanKind;
import java.util.List;

/// Writes the payloads of requests, as wire.md draws them.
final class RequestWriter {
    private RequestWriter() {}

    static void write(PayloadWriter out, Request request) {
        switch (request) {
            case Request.Ping _, Request.Stat _, Request.Close _ -> {}
            case Request.Malloc malloc -> malloc(out, malloc);
            case Request.MallocTyped typed -> typed(out, typed);
            case Request.Free free -> pointers(out, free.blocks());
            case Request.Adopt adopt -> pointers(out, adopt.blocks());
            case Request.Released released -> pointers(out, released.blocks());
            case Request.Export export -> pointers(out, export.blocks());
            case Request.Declare declare -> {
                out.u32(counted(declare.blocks().length, 0, Request.MAX_POINTERS, "pointers"));
                out.bool(declare.last()).u8(0).u16(0).longs(declare.blocks());
            }
            case Request.Realloc realloc -> out.u64(realloc.block()).u64(realloc.size());
            case Request.UsableSize usable -> out.u64(usable.block());
            case Request.UnlinkAndFree unlink ->
                out.u64(unlink.slot()).u64(unlink.expected()).u64(unlink.replacement());
            case Request.Memcpy memcpy -> out.u64(memcpy.destination()).segment(memcpy.data());
            case Request.Copy copy ->
                out.u64(copy.destination()).u64(copy.source()).u64(copy.bytes());
            case Request.Write write -> write(out, write);
            case Request.Read read -> {
                out.bool(read.raw()).u8(0).u16(0);
                ranges(out, read.ranges());
            }
            case Request.GetLong get -> out.u64(get.address());
            case Request.PutPointer put -> out.u64(put.slot()).u64(put.target());
            case Request.CompareAndSet cas ->
                out.u64(cas.address()).u64(cas.expected()).u64(cas.value());
            case Request.GetAndAdd add -> out.u64(add.address()).u64(add.delta());
            case Request.GetAndSet set -> out.u64(set.address()).u64(set.value());
            case Request.RootGet get -> name(out, get.name());
            case Request.RootPut put ->
                name(out.u64(put.block()).bool(put.ifAbsent()).u8(0), put.name());
            case Request.RootRemove remove -> name(out.u64(remove.expected()), remove.name());
            case Request.RootNames names -> name(out, names.after());
            case Request.SlotGet get -> out.u32(get.number());
            case Request.SlotSet set -> out.u32(set.number()).u32(0).u64(set.block());
            case Request.Batch batch -> batch(out, batch);
        }
    }

    private static void malloc(PayloadWriter out, Request.Malloc malloc) {
        out.u64(malloc.size()).u32(counted(malloc.count(), 1, Request.MAX_POINTERS, "blocks"));
        out.u32(malloc.alloc().alignment()).u8(malloc.alloc().kind() == ScanKind.OPAQUE ? 0 : 1);
        out.bool(malloc.alloc().zeroed()).u16(0);
    }

    private static void typed(PayloadWriter out, Request.MallocTyped typed) {
        Layout layout = typed.layout();
        out.u64(typed.size()).u32(layout.id()).u32(layout.version()).u64(layout.size());
        out.bool(layout.repeated()).u8(0).u16(0).u32(layout.pointerOffsets().size());
        for (long offset : layout.pointerOffsets()) {
            out.u32((int) offset);
        }
    }

    private static void pointers(PayloadWriter out, long[] pointers) {
        out.u32(counted(pointers.length, 1, Request.MAX_POINTERS, "pointers"))
                .u32(0)
                .longs(pointers);
    }

    private static void write(PayloadWriter out, Request.Write write) {
        out.bool(write.durability() == Durability.PERSISTENT).u8(0).u16(0);
        long bytes = ranges(out, write.ranges());
        if (bytes != write.data().byteSize()) {
            throw new BtdException.InvalidSize(
                    "ranges and data differ: ranges=" + bytes + ", data="
                            + write.data().byteSize(),
                    "give as much data as the ranges take");
        }
        out.segment(write.data());
    }

    private static long ranges(PayloadWriter out, List<Request.Range> ranges) {
        out.u32(counted(ranges.size(), 1, Request.MAX_RANGES, "ranges"));
        long bytes = 0;
        for (Request.Range range : ranges) {
            if (range.bytes() < 0) {
                throw new BtdException.InvalidSize("negative length: bytes=" + range.bytes(), "use 0 or more");
            }
            out.u64(range.address()).u32(range.bytes()).u32(0);
            bytes += range.bytes();
        }
        return bytes;
    }

    private static void name(PayloadWriter out, String name) {
        if (name.length() > Roots.MAX_NAME || Utf8.bytes(name) > Roots.MAX_NAME) {
            throw new BtdException.InvalidRoot(
                    "root name refused: bytes=" + Utf8.bytes(name), "use 1 to " + Roots.MAX_NAME + " bytes of UTF-8");
        }
        out.text(name);
    }

    private static void batch(PayloadWriter out, Request.Batch batch) {
        out.u32(counted(batch.requests().size(), 1, Request.MAX_BATCH, "requests"))
                .u32(0);
        for (Request request : batch.requests()) {
            MessageType type = request.type();
            if (!fitsIntoBatch(type)) {
                throw new BtdException.Protocol(0, "not for a batch: request=" + type, "send it by itself");
            }
            out.u8(type.code()).u8(0).u16(0);
            long start = out.beginPart();
            write(out, request);
            out.endPart(start);
        }
    }

    /// Whether a batch may contain it.
    static boolean fitsIntoBatch(MessageType type) {
        return type != MessageType.BATCH && type != MessageType.CLOSE && type != MessageType.DECLARE;
    }

    private static int counted(int count, int least, int most, String what) {
        if (count < least || count > most) {
            throw new BtdException.InvalidSize("count refused: " + what + "=" + count, "use " + least + " to " + most);
        }
        return count;
    }
}
