// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.ErrorCode;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The bytes of an error: what FAILED and GOODBYE carry. What arrives is of the same kind, about the same pointer and
/// node, and says the same; its stack trace is the receiver's. Safe for use by many threads.
@SuppressWarnings("EnumOrdinal") // a code is a place in the enum, and keeps it
public final class Errors {
    /// Texts longer than this many bytes are cut.
    static final int MAX_TEXT = 4096;

    private static final ErrorCode[] CODES = ErrorCode.values();
    private static final PointerFault[] POINTER_FAULTS = PointerFault.values();
    private static final ArenaFault[] ARENA_FAULTS = ArenaFault.values();

    private Errors() {}

    /// How many bytes the error takes.
    public static int payloadBytes(BtdException error) {
        PayloadWriter out = PayloadWriter.counting();
        write(out, error);
        return out.length();
    }

    /// Writes the error.
    public static void encode(BtdException error, MemorySegment into) {
        write(PayloadWriter.into(into), error);
    }

    /// Makes the error anew. A kind or fault that is not known here becomes [BtdException.Protocol], with the same
    /// text.
    ///
    /// @throws BtdException.Protocol (thrown, not returned) where the bytes are no error
    public static BtdException decode(MemorySegment payload) {
        PayloadReader in = new PayloadReader(payload, MessageType.FAILED);
        BtdException error = read(in);
        in.end();
        return error;
    }

    static void write(PayloadWriter out, BtdException error) {
        out.u16(error.code().ordinal())
                .u16(fault(error))
                .u16(error.node() & 0xffff)
                .u16(0);
        out.u64(error.pointer()).u64(value(error));
        out.text(Utf8.cut(what(error), MAX_TEXT)).text(Utf8.cut(error.hint(), MAX_TEXT));
    }

    private static int fault(BtdException error) {
        return switch (error) {
            case BtdException.InvalidPointer pointer -> pointer.fault().ordinal();
            case BtdException.ArenaUnusable arena -> arena.fault().ordinal();
            default -> 0;
        };
    }

    private static long value(BtdException error) {
        return switch (error) {
            case BtdException.Full full -> full.largest();
            case BtdException.ArenaOwned owned -> owned.owner();
            default -> 0;
        };
    }

    /// What happened: the message without what the constructor adds to it.
    private static String what(BtdException error) {
        String what = without(Objects.requireNonNullElse(error.getMessage(), ""), "; " + error.hint());
        return error instanceof BtdException.Full full ? without(what, ", largest=" + full.largest()) : what;
    }

    private static String without(String text, String ending) {
        return text.endsWith(ending) ? text.substring(0, text.length() - ending.length()) : text;
    }

    static BtdException read(PayloadReader in) {
        int code = in.u16();
        int fault = in.u16();
        int node = in.u16();
        in.zero(2);
        long pointer = in.u64();
        long value = in.u64();
        String what = in.text();
        String hint = in.text();
        BtdException known = code < CODES.length ? make(CODES[code], fault, node, pointer, value, what, hint) : null;
        return known != null ? known : new BtdException.Protocol(node, what, hint);
    }

    private static @Nullable BtdException make(
            ErrorCode code, int fault, int node, long pointer, long value, String what, String hint) {
        return switch (code) {
            case INVALID_SIZE -> new BtdException.InvalidSize(what, hint);
            case INVALID_POINTER ->
                fault < POINTER_FAULTS.length
                        ? new BtdException.InvalidPointer(pointer, POINTER_FAULTS[fault], what, hint)
                        : null;
            case FULL -> new BtdException.Full(what, value, hint);
            case LOG_FULL -> new BtdException.LogFull(pointer, what, hint);
            case ARENA_UNUSABLE ->
                fault < ARENA_FAULTS.length ? new BtdException.ArenaUnusable(ARENA_FAULTS[fault], what, hint) : null;
            case ARENA_OWNED -> new BtdException.ArenaOwned(what, value, hint);
            case DURABILITY_REFUSED -> new BtdException.DurabilityRefused(pointer, what, hint);
            case INVALID_ROOT -> new BtdException.InvalidRoot(what, hint);
            case INVALID_LAYOUT -> new BtdException.InvalidLayout(what, hint);
            case INVALID_CONFIG -> new BtdException.InvalidConfig(what, hint);
            case NOT_LOCAL -> new BtdException.NotLocal(pointer, what, hint);
            case PINNED -> new BtdException.Pinned(pointer, what, hint);
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
}
