// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import java.lang.foreign.MemorySegment;

/// The bytes of [Control]s: the payload of the frames outside of calls. Safe for use by many threads.
public final class Controls {
    /// "BTD1".
    static final int MAGIC = 0x31445442;

    /// Bytes of a nonce.
    public static final int NONCE = 32;

    private static final byte[] NO_MAC = {};

    private Controls() {}

    /// How many bytes the payload takes.
    ///
    /// @throws BtdException.InvalidSize for lengths that cannot be sent
    public static int payloadBytes(Control control) {
        PayloadWriter out = PayloadWriter.counting();
        write(out, control);
        return out.length();
    }

    /// Writes the payload.
    ///
    /// @param into of at least [#payloadBytes] bytes
    public static void encode(Control control, MemorySegment into) {
        write(PayloadWriter.into(into), control);
    }

    /// Reads a payload.
    ///
    /// @param type as the frame's header says
    /// @param payload whose checksum was checked
    /// @throws BtdException.Protocol for anything that is not one of these frames
    public static Control decode(int type, MemorySegment payload) {
        if (MessageType.isResponse(type)) {
            throw foreign(type);
        }
        MessageType message = MessageType.of(type);
        PayloadReader in = new PayloadReader(payload, message);
        Control control = switch (message) {
            case HELLO -> hello(in);
            case CHALLENGE -> new Control.Challenge(in.bytes(NONCE));
            case PROOF -> new Control.Proof(in.bytes(Macs.BYTES));
            case WELCOME -> welcome(in);
            case GOODBYE -> new Control.Goodbye(Errors.read(in));
            case NOTICE -> notice(in);
            default -> throw foreign(type);
        };
        in.end();
        return control;
    }

    private static BtdException.Protocol foreign(int type) {
        return new BtdException.Protocol(
                0, "not a frame of the handshake, a notice or a goodbye: type=" + type, "open the connection first");
    }

    private static void write(PayloadWriter out, Control control) {
        switch (control) {
            case Control.Hello hello -> {
                out.u32(MAGIC).u16(hello.minVersion()).u16(hello.maxVersion());
                out.u64(hello.capabilities()).u64(hello.clientHigh()).u64(hello.clientLow());
                out.u64(hello.session()).bytes(hello.nonce(), NONCE).text(hello.namespace());
            }
            case Control.Challenge challenge -> out.bytes(challenge.nonce(), NONCE);
            case Control.Proof proof -> out.bytes(proof.mac(), Macs.BYTES);
            case Control.Welcome welcome -> welcome(out, welcome);
            case Control.Goodbye goodbye -> Errors.write(out, goodbye.reason());
            case Control.Notice notice -> out.u32(notice.blocks().length).u32(0).longs(notice.blocks());
        }
    }

    private static void welcome(PayloadWriter out, Control.Welcome welcome) {
        out.u16(welcome.version()).u16(welcome.node());
        out.bool(welcome.resumed()).bool(welcome.declare()).u16(0);
        out.u64(welcome.capabilities()).u64(welcome.session()).u64(welcome.incarnation());
        out.u32(welcome.leaseMillis()).u32(welcome.window()).u64(welcome.nextRequestId());
        out.u64(welcome.available()).u64(welcome.capacity());
        int mac = welcome.mac().length == 0 ? 0 : Macs.BYTES;
        out.u8(mac).bytes(welcome.mac(), mac);
    }

    private static Control hello(PayloadReader in) {
        int magic = in.i32();
        in.check(magic == MAGIC, "magic", Integer.toUnsignedLong(magic), "speak btd's protocol to this port");
        return new Control.Hello(
                in.u16(), in.u16(), in.u64(), in.u64(), in.u64(), in.u64(), in.bytes(NONCE), in.text());
    }

    private static Control welcome(PayloadReader in) {
        int version = in.u16();
        int node = in.u16();
        boolean resumed = in.bool("resumed");
        boolean declare = in.bool("declare");
        in.zero(2);
        long capabilities = in.u64();
        long session = in.u64();
        long incarnation = in.u64();
        int lease = in.u31("lease");
        int window = in.u31("window");
        long next = in.u64();
        long available = in.u64();
        long capacity = in.u64();
        int mac = in.u8();
        in.check(mac == 0 || mac == Macs.BYTES, "length of the MAC", mac, "send 0 or 32");
        return new Control.Welcome(
                version,
                capabilities,
                node,
                session,
                incarnation,
                resumed,
                declare,
                lease,
                window,
                next,
                available,
                capacity,
                mac == 0 ? NO_MAC : in.bytes(mac));
    }

    private static Control notice(PayloadReader in) {
        int count = in.count(0, Integer.MAX_VALUE, 0);
        in.zero(4);
        return new Control.Notice(in.longs(count));
    }
}
