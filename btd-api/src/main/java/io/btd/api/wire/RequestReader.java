// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.Alloc;
import io.btd.api.BtdException;
import io.btd.api.Durability;
import io.btd.api.GlobalPointer;
import io.btd.api.Layout;
import io.btd.api.ScanKind;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Reads the payloads of requests, as wire.md draws them.
final class RequestReader {
    private static final int RANGE_BYTES = 16;

    private RequestReader() {}

    static Request read(int type, MemorySegment payload) {
        MessageType message = typeOf(type);
        PayloadReader in = new PayloadReader(payload, message);
        Request request = message == MessageType.BATCH ? batch(in) : single(message, in);
        in.end();
        return request;
    }

    private static MessageType typeOf(int type) {
        if (MessageType.isResponse(type)) {
            throw noRequest(type);
        }
        return MessageType.of(type);
    }

    private static BtdException.Protocol noRequest(int type) {
        return new BtdException.Protocol(0, "not a request: type=" + type, "send requests of wire.md only");
    }

    private static Request single(MessageType type, PayloadReader in) {
        return switch (type) {
            case PING -> new Request.Ping();
            case MALLOC -> malloc(in);
            case MALLOC_TYPED -> typed(in);
            case FREE -> new Request.Free(pointers(in));
            case REALLOC -> new Request.Realloc(in.u64(), in.u64());
            case USABLE_SIZE -> new Request.UsableSize(in.u64());
            case UNLINK_AND_FREE -> new Request.UnlinkAndFree(in.u64(), in.u64(), in.u64());
            case ADOPT -> new Request.Adopt(pointers(in));
            case DECLARE -> declare(in);
            case RELEASED -> new Request.Released(pointers(in));
            case EXPORT -> new Request.Export(pointers(in));
            case MEMCPY -> new Request.Memcpy(in.u64(), in.rest());
            case COPY -> new Request.Copy(in.u64(), in.u64(), in.u64());
            case WRITE -> write(in);
            case READ -> new Request.Read(flag(in), ranges(in));
            case GET_LONG -> new Request.GetLong(in.u64());
            case PUT_POINTER -> new Request.PutPointer(in.u64(), in.u64());
            case COMPARE_AND_SET -> new Request.CompareAndSet(in.u64(), in.u64(), in.u64());
            case GET_AND_ADD -> new Request.GetAndAdd(in.u64(), in.u64());
            case GET_AND_SET -> new Request.GetAndSet(in.u64(), in.u64());
            case ROOT_GET -> new Request.RootGet(in.text());
            case ROOT_PUT -> rootPut(in);
            case ROOT_REMOVE -> rootRemove(in);
            case ROOT_NAMES -> new Request.RootNames(in.text());
            case SLOT_GET -> new Request.SlotGet(in.i32());
            case SLOT_SET -> slotSet(in);
            case STAT -> new Request.Stat();
            case CLOSE -> new Request.Close();
            case BATCH, HELLO, CHALLENGE, PROOF, WELCOME, GOODBYE, NOTICE, FAILED -> throw noRequest(type.code());
        };
    }

    private static Request malloc(PayloadReader in) {
        long size = in.u64();
        int count = in.count(1, Request.MAX_POINTERS, 0);
        int alignment = in.i32();
        boolean pointers = in.bool("kind");
        boolean zeroed = in.bool("zeroed");
        in.zero(2);
        in.check(
                Integer.bitCount(alignment) == 1
                        && alignment >= GlobalPointer.ALIGNMENT
                        && alignment <= Alloc.MAX_ALIGNMENT,
                "alignment",
                Integer.toUnsignedLong(alignment),
                "send a power of two from 16 to 4096");
        return new Request.Malloc(
                size, count, new Alloc(pointers ? ScanKind.POINTERS : ScanKind.OPAQUE, zeroed, alignment));
    }

    private static Request typed(PayloadReader in) {
        long size = in.u64();
        int id = in.i32();
        int version = in.i32();
        long elementSize = in.u64();
        boolean repeated = flag(in);
        int count = in.count(0, (int) (Layout.MAX_SIZE / Long.BYTES), Integer.BYTES);
        List<Long> offsets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            offsets.add(Integer.toUnsignedLong(in.i32()));
        }
        try {
            return new Request.MallocTyped(size, new Layout(id, version, elementSize, repeated, offsets));
        } catch (BtdException.InvalidLayout e) {
            throw in.refused("malformed layout", "id", Integer.toUnsignedLong(id), e.hint());
        }
    }

    private static long[] pointers(PayloadReader in) {
        int count = in.count(1, Request.MAX_POINTERS, 0);
        in.zero(4);
        return in.longs(count);
    }

    private static Request declare(PayloadReader in) {
        int count = in.count(0, Request.MAX_POINTERS, 0);
        boolean last = flag(in);
        return new Request.Declare(in.longs(count), last);
    }

    private static Request write(PayloadReader in) {
        int durability = in.u8();
        in.check(durability <= 1, "durability", durability, "send 0 or 1");
        in.zero(3);
        List<Request.Range> ranges = ranges(in);
        long bytes = 0;
        for (Request.Range range : ranges) {
            bytes += range.bytes();
        }
        if (bytes != in.left()) {
            throw in.refused("ranges and data differ", "ranges", bytes, "send as much data as the ranges take");
        }
        return new Request.Write(durability == 0 ? Durability.VISIBLE : Durability.PERSISTENT, ranges, in.rest());
    }

    private static List<Request.Range> ranges(PayloadReader in) {
        int count = in.count(1, Request.MAX_RANGES, RANGE_BYTES);
        List<Request.Range> ranges = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ranges.add(new Request.Range(in.u64(), in.u31("bytes")));
            in.zero(4);
        }
        return ranges;
    }

    private static Request rootPut(PayloadReader in) {
        long block = in.u64();
        boolean ifAbsent = in.bool("if absent");
        in.zero(1);
        return new Request.RootPut(in.text(), block, ifAbsent);
    }

    private static Request rootRemove(PayloadReader in) {
        long expected = in.u64();
        return new Request.RootRemove(in.text(), expected);
    }

    private static Request slotSet(PayloadReader in) {
        int number = in.i32();
        in.zero(4);
        return new Request.SlotSet(number, in.u64());
    }

    private static Request batch(PayloadReader in) {
        int count = in.count(1, Request.MAX_BATCH, 0);
        in.zero(4);
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(item(in));
        }
        return new Request.Batch(requests);
    }

    private static Request item(PayloadReader in) {
        MessageType type = typeOf(in.u8());
        in.zero(3);
        in.check(RequestWriter.fitsIntoBatch(type), "type", type.code(), "send it by itself");
        PayloadReader part = in.part(in.i32(), type);
        Request request = single(type, part);
        part.end();
        return request;
    }

    /// A boolean and three bytes without a meaning.
    private static boolean flag(PayloadReader in) {
        boolean value = in.bool("flag");
        in.zero(3);
        return value;
    }
}
