// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;

/// The forms of responses. Alone, a response's form follows from its frame's type; in the answer to a batch, its number
/// stands before it: the place in this list, which is never reordered.
enum ResponseForm {
    DONE,
    VALUE,
    TRUTH,
    POINTERS,
    DATA,
    DURABLE,
    NAMES,
    LOAD,
    STATE,
    RESULTS,
    EXPORT_FIRST,
    FAILED;

    private static final ResponseForm[] BY_NUMBER = values();

    /// The form of what answers a request, when it is done.
    ///
    /// @throws BtdException.Protocol where it is no request
    static ResponseForm of(MessageType type) {
        return switch (type) {
            case PING -> LOAD;
            case MALLOC, MALLOC_TYPED, DECLARE, EXPORT -> POINTERS;
            case FREE, ADOPT, RELEASED, MEMCPY, COPY, PUT_POINTER, CLOSE -> DONE;
            case REALLOC, USABLE_SIZE, GET_LONG, GET_AND_ADD, GET_AND_SET -> VALUE;
            case ROOT_GET, ROOT_PUT, SLOT_GET, SLOT_SET -> VALUE;
            case UNLINK_AND_FREE, COMPARE_AND_SET, ROOT_REMOVE -> TRUTH;
            case WRITE -> DURABLE;
            case READ -> DATA;
            case ROOT_NAMES -> NAMES;
            case STAT -> STATE;
            case BATCH -> RESULTS;
            case FAILED -> FAILED;
            case HELLO, CHALLENGE, PROOF, WELCOME, GOODBYE, NOTICE ->
                throw new BtdException.Protocol(0, "no response has this type: type=" + type, "send it as it is");
        };
    }

    static ResponseForm of(Response response) {
        return switch (response) {
            case Response.Done _ -> DONE;
            case Response.Value _ -> VALUE;
            case Response.Truth _ -> TRUTH;
            case Response.Pointers _ -> POINTERS;
            case Response.Data _ -> DATA;
            case Response.Durable _ -> DURABLE;
            case Response.Names _ -> NAMES;
            case Response.Load _ -> LOAD;
            case Response.State _ -> STATE;
            case Response.Results _ -> RESULTS;
            case Response.ExportFirst _ -> EXPORT_FIRST;
            case Response.Failed _ -> FAILED;
        };
    }

    /// The number, in the answer to a batch.
    @SuppressWarnings("EnumOrdinal") // that is what the number is
    int number() {
        return ordinal();
    }

    /// The form with this number, in the answer to a batch.
    static ResponseForm numbered(int number, PayloadReader in) {
        in.check(
                number < BY_NUMBER.length && number != RESULTS.number(),
                "form",
                number,
                "send one of wire.md; no batch is in a batch");
        return BY_NUMBER[number];
    }
}
