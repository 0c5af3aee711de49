// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.Alloc;
import io.btd.api.ArenaStat;
import io.btd.api.BtdException;
import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.ClassCount;
import io.btd.api.Durability;
import io.btd.api.ErrorCode;
import io.btd.api.Layout;
import io.btd.api.NodeStat;
import io.btd.api.PersistenceDomain;
import io.btd.api.RecoveryReport;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// One message of every kind, with random content.
final class Samples {
    private static final String[] LETTERS = {"a", "Z", "/", " ", "\u00e4", "\u20ac", "\ud83d\ude00", "\0", "; "};

    private final SplittableRandom random;

    Samples(SplittableRandom random) {
        this.random = random;
    }

    List<Message> all() {
        List<Message> all = new ArrayList<>();
        controls().forEach(control -> all.add(Message.of(control)));
        requests().forEach(request -> all.add(Message.of(request)));
        all.addAll(responses());
        return all;
    }

    List<Control> controls() {
        return List.of(
                new Control.Hello(u16(), u16(), number(), number(), number(), number(), bytes(32), text()),
                new Control.Challenge(bytes(32)),
                new Control.Proof(bytes(32)),
                welcome(),
                new Control.Goodbye(error(any(ErrorCode.values()))),
                new Control.Notice(pointers(0)));
    }

    private Control welcome() {
        return new Control.Welcome(
                u16(),
                number(),
                u16(),
                number(),
                number(),
                yes(),
                yes(),
                natural(),
                natural(),
                number(),
                number(),
                number(),
                bytes(yes() ? 32 : 0));
    }

    List<Request> requests() {
        List<Request> requests = new ArrayList<>(batchable());
        requests.add(new Request.Declare(pointers(0), yes()));
        requests.add(new Request.Close());
        requests.add(new Request.Batch(batchable()));
        return requests;
    }

    private List<Request> batchable() {
        List<Request.Range> ranges = list(1, this::range);
        long bytes = ranges.stream().mapToLong(Request.Range::bytes).sum();
        return List.of(
                new Request.Ping(),
                new Request.Malloc(number(), random.nextInt(1, 65_537), alloc()),
                new Request.MallocTyped(number(), layout()),
                new Request.Free(pointers(1)),
                new Request.Realloc(number(), number()),
                new Request.UsableSize(number()),
                new Request.UnlinkAndFree(number(), number(), number()),
                new Request.Adopt(pointers(1)),
                new Request.Released(pointers(1)),
                new Request.Export(pointers(1)),
                new Request.Memcpy(number(), segment(random.nextInt(60))),
                new Request.Copy(number(), number(), number()),
                new Request.Write(any(Durability.values()), ranges, segment((int) bytes)),
                new Request.Read(yes(), list(1, () -> new Request.Range(number(), natural()))),
                new Request.GetLong(number()),
                new Request.PutPointer(number(), number()),
                new Request.CompareAndSet(number(), number(), number()),
                new Request.GetAndAdd(number(), number()),
                new Request.GetAndSet(number(), number()),
                new Request.RootGet(text()),
                new Request.RootPut(text(), number(), yes()),
                new Request.RootRemove(text(), number()),
                new Request.RootNames(text()),
                new Request.SlotGet(random.nextInt()),
                new Request.SlotSet(random.nextInt(), number()),
                new Request.Stat());
    }

    List<Message> responses() {
        List<Message> responses = new ArrayList<>();
        for (MessageType type : MessageType.values()) {
            if (type.code() >= MessageType.PING.code() && type != MessageType.FAILED) {
                responses.add(Message.of(type, answer(ResponseForm.of(type))));
            }
        }
        responses.add(Message.of(MessageType.MEMCPY, answer(ResponseForm.EXPORT_FIRST)));
        for (ErrorCode code : ErrorCode.values()) {
            responses.add(Message.of(MessageType.FREE, new Response.Failed(error(code))));
        }
        return responses;
    }

    private Response answer(ResponseForm form) {
        return switch (form) {
            case DONE -> new Response.Done();
            case VALUE -> new Response.Value(number());
            case TRUTH -> new Response.Truth(yes());
            case POINTERS -> new Response.Pointers(pointers(0));
            case DATA -> new Response.Data(segment(random.nextInt(60)));
            case DURABLE -> new Response.Durable(any(Durability.values()));
            case NAMES -> new Response.Names(list(0, this::text), yes());
            case LOAD -> new Response.Load(number(), number(), yes());
            case STATE -> new Response.State(node(), recovery());
            case RESULTS -> results();
            case EXPORT_FIRST -> new Response.ExportFirst(pointers(0));
            case FAILED -> new Response.Failed(error(any(ErrorCode.values())));
        };
    }

    private Response results() {
        List<Response> results = new ArrayList<>();
        for (ResponseForm form : ResponseForm.values()) {
            if (form != ResponseForm.RESULTS) {
                results.add(answer(form));
            }
        }
        return new Response.Results(results);
    }

    BtdException error(ErrorCode code) {
        String what = text();
        String hint = text();
        int node = random.nextInt(4096);
        return switch (code) {
            case INVALID_SIZE -> new BtdException.InvalidSize(what, hint);
            case INVALID_POINTER -> new BtdException.InvalidPointer(number(), any(PointerFault.values()), what, hint);
            case FULL -> new BtdException.Full(what, number(), hint);
            case LOG_FULL -> new BtdException.LogFull(number(), what, hint);
            case ARENA_UNUSABLE -> new BtdException.ArenaUnusable(any(ArenaFault.values()), what, hint);
            case ARENA_OWNED -> new BtdException.ArenaOwned(what, number(), hint);
            case DURABILITY_REFUSED -> new BtdException.DurabilityRefused(number(), what, hint);
            case INVALID_ROOT -> new BtdException.InvalidRoot(what, hint);
            case INVALID_LAYOUT -> new BtdException.InvalidLayout(what, hint);
            case INVALID_CONFIG -> new BtdException.InvalidConfig(what, hint);
            case NOT_LOCAL -> new BtdException.NotLocal(number(), what, hint);
            case PINNED -> new BtdException.Pinned(number(), what, hint);
            case CLOSED -> new BtdException.Closed(what);
            case WRONG_THREAD -> new BtdException.WrongThread(what, hint);
            case UNREACHABLE -> new BtdException.Unreachable(what, hint);
            case NODE_DOWN -> new BtdException.NodeDown(node, what, hint);
            case DEADLINE -> new BtdException.Deadline(node, what, hint);
            case OUTCOME_UNKNOWN -> new BtdException.OutcomeUnknown(node, what, hint);
            case RECOVERING -> new BtdException.Recovering(node, what, hint);
            case BUSY -> new BtdException.Busy(node, what, hint);
            case SESSION_LOST -> new BtdException.SessionLost(node, what, hint);
            case UNAUTHENTICATED -> new BtdException.Unauthenticated(node, what, hint);
            case PROTOCOL -> new BtdException.Protocol(node, what, hint);
        };
    }

    private NodeStat node() {
        return new NodeStat(
                u16(),
                any(NodeStat.State.values()),
                text(),
                text(),
                number(),
                natural(),
                number(),
                list(0, this::arena));
    }

    private ArenaStat arena() {
        return new ArenaStat(
                text(),
                any(PersistenceDomain.values()),
                u16(),
                u16(),
                number(),
                number(),
                number(),
                number(),
                list(0, this::count),
                natural(),
                number());
    }

    private RecoveryReport recovery() {
        return new RecoveryReport(
                yes(),
                yes(),
                number(),
                natural(),
                list(0, this::count),
                list(0, this::count),
                number(),
                Duration.ofNanos(number()),
                Duration.ofNanos(number()),
                Duration.ofNanos(number()));
    }

    private ClassCount count() {
        return new ClassCount(number(), number(), number());
    }

    private Request.Range range() {
        return new Request.Range(number(), random.nextInt(20));
    }

    private Alloc alloc() {
        return (yes() ? Alloc.POINTERS : yes() ? Alloc.OPAQUE : Alloc.OPAQUE.withZeroes())
                .align(16 << random.nextInt(9));
    }

    private Layout layout() {
        int words = 1 << random.nextInt(13);
        List<Long> offsets = new ArrayList<>();
        for (int word = random.nextInt(words); word < words; word += random.nextInt(1, words + 1)) {
            offsets.add(8L * word);
        }
        return new Layout(random.nextInt(1, 65_536), u16(), 8L * words, yes(), offsets);
    }

    private long[] pointers(int least) {
        return random.longs(random.nextInt(least, 8)).toArray();
    }

    private MemorySegment segment(int length) {
        return MemorySegment.ofArray(bytes(length));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private String text() {
        return String.join("", list(0, () -> any(LETTERS)));
    }

    private <T> List<T> list(int least, Supplier<T> one) {
        List<T> list = new ArrayList<>();
        for (int count = random.nextInt(least, 4); count > 0; count--) {
            list.add(one.get());
        }
        return list;
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private boolean yes() {
        return random.nextBoolean();
    }

    private int u16() {
        return random.nextInt(65_536);
    }

    private int natural() {
        return random.nextInt() >>> 1;
    }

    private long number() {
        return random.nextLong() >> random.nextInt(64);
    }
}
