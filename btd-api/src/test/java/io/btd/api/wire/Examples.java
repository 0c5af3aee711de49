// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.Alloc;
import io.btd.api.ArenaStat;
import io.btd.api.BtdException;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.ClassCount;
import io.btd.api.GlobalPointer;
import io.btd.api.NodeStat;
import io.btd.api.PersistenceDomain;
import io.btd.api.RecoveryReport;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The frames of wire.md's section "Examples", as records.
final class Examples {
    static final String SECRET = "correct horse battery";
    static final long A = GlobalPointer.of(3, 1, 0x1000);
    static final long B = GlobalPointer.of(3, 1, 0x1040);
    static final Control.Hello HELLO =
            new Control.Hello(1, 1, 0, 0x0123456789abcdefL, 0xfedcba9876543210L, 0, counting(0), "btd");
    static final byte[] NODE_NONCE = counting(32);
    static final long SESSION = 17;

    private static final int DEADLINE = 10_000;
    private static final long INCARNATION = 7;

    private Examples() {}

    static Map<String, byte[]> frames() {
        Map<String, byte[]> frames = new LinkedHashMap<>();
        frames.put("HELLO", opening(HELLO, 0));
        frames.put("CHALLENGE", opening(new Control.Challenge(NODE_NONCE), INCARNATION));
        frames.put("PROOF", opening(new Control.Proof(Macs.client(SECRET, HELLO, NODE_NONCE)), 0));
        frames.put("WELCOME", opening(welcome(), INCARNATION));
        frames.put("MALLOC", asked(1, 0, new Request.Malloc(100, 2, Alloc.POINTERS)));
        frames.put("MALLOC answered", answered(1, MessageType.MALLOC, new Response.Pointers(new long[] {A, B})));
        frames.put("MEMCPY", asked(2, 0, new Request.Memcpy(A, ascii("abc"))));
        frames.put("MEMCPY answered", answered(2, MessageType.MEMCPY, new Response.Done()));
        List<Request.Range> ranges = List.of(new Request.Range(A, 2), new Request.Range(B + 8, 4));
        frames.put("READ", asked(3, 0, new Request.Read(false, ranges)));
        frames.put("READ answered", answered(3, MessageType.READ, new Response.Data(ascii("ab\0\0\0\0"))));
        frames.put("BATCH", asked(4, FrameHeader.STOP_AT_FAILURE, batch()));
        frames.put("BATCH answered", answered(4, MessageType.BATCH, results()));
        frames.put("STAT answered", answered(5, MessageType.STAT, state()));
        BtdException full = new BtdException.Full("no room: size=1048576", 65_536, "free something");
        frames.put("FAILED", answered(6, MessageType.MALLOC, new Response.Failed(full)));
        return frames;
    }

    private static Control welcome() {
        return new Control.Welcome(
                1,
                0,
                3,
                SESSION,
                INCARNATION,
                false,
                false,
                30_000,
                1024,
                1,
                48 << 20,
                64 << 20,
                Macs.node(SECRET, HELLO, NODE_NONCE, SESSION));
    }

    private static Request batch() {
        return new Request.Batch(List.of(
                new Request.PutPointer(A + 8, B), new Request.RootGet("greeting"), new Request.Free(new long[] {A + 16
                })));
    }

    private static Response results() {
        BtdException interior = new BtdException.InvalidPointer(
                A + 16,
                PointerFault.INTERIOR,
                "not the start of a block: pointer=" + GlobalPointer.toString(A + 16),
                "pass the pointer malloc returned");
        return new Response.Results(List.of(new Response.Done(), new Response.Value(A), new Response.Failed(interior)));
    }

    private static Response state() {
        List<ClassCount> classes = List.of(new ClassCount(112, 2, 224));
        ArenaStat arena = new ArenaStat(
                "/dev/shm/a.btd", PersistenceDomain.PROCESS, 3, 1, 7, 64 << 20, 16 << 20, 1 << 20, classes, 0, 5);
        NodeStat node = new NodeStat(3, NodeStat.State.UP, "tcp", "127.0.0.1:7071", INCARNATION, 2, 1, List.of(arena));
        RecoveryReport recovery = new RecoveryReport(
                false,
                true,
                INCARNATION,
                6,
                classes,
                List.of(),
                8192,
                Duration.ofNanos(1000),
                Duration.ofNanos(2000),
                Duration.ofNanos(3000));
        return new Response.State(node, recovery);
    }

    private static byte[] opening(Control control, long incarnation) {
        return Frame.encode(Message.of(control), 0, 0, incarnation, 0, 0);
    }

    private static byte[] asked(long id, int flags, Request request) {
        return Frame.encode(Message.of(request), flags, id, INCARNATION, id - 1, DEADLINE);
    }

    private static byte[] answered(long id, MessageType type, Response response) {
        return Frame.encode(Message.of(type, response), 0, id, INCARNATION, 0, 0);
    }

    private static MemorySegment ascii(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] counting(int from) {
        byte[] bytes = new byte[Controls.NONCE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }
}
