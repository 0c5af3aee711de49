// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import io.btd.api.Durability;

/// Writes the payloads of responses, as wire.md draws them.
final class ResponseWriter {
    /// First byte: the request was done.
    static final int DONE = 0;

    /// First byte: the request was not done, pointers have to be exported first.
    static final int EXPORT_FIRST = 1;

    private ResponseWriter() {}

    static void write(PayloadWriter out, Response response) {
        switch (response) {
            case Response.Done _ -> out.u8(DONE);
            case Response.Value value -> out.u8(DONE).u64(value.value());
            case Response.Truth truth -> out.u8(DONE).bool(truth.holds());
            case Response.Pointers pointers -> pointers(out.u8(DONE), pointers.pointers());
            case Response.Data data -> out.u8(DONE).segment(data.bytes());
            case Response.Durable durable -> out.u8(DONE).bool(durable.durability() == Durability.PERSISTENT);
            case Response.Names names -> names(out, names);
            case Response.Load load ->
                out.u8(DONE).bool(load.takesSessions()).u64(load.available()).u64(load.capacity());
            case Response.State state -> StatePayload.write(out.u8(DONE), state);
            case Response.Results results -> results(out, results);
            case Response.ExportFirst export -> pointers(out.u8(EXPORT_FIRST), export.pointers());
            case Response.Failed failed -> Errors.write(out, failed.error());
        }
    }

    private static void pointers(PayloadWriter out, long[] pointers) {
        out.u32(pointers.length).longs(pointers);
    }

    private static void names(PayloadWriter out, Response.Names names) {
        out.u8(DONE).bool(names.more()).u32(names.names().size());
        for (String name : names.names()) {
            out.text(name);
        }
    }

    private static void results(PayloadWriter out, Response.Results results) {
        out.u8(DONE).u32(results.results().size());
        for (Response result : results.results()) {
            ResponseForm form = ResponseForm.of(result);
            if (form == ResponseForm.RESULTS) {
                throw new BtdException.Protocol(0, "not for a batch: response=" + form, "send it by itself");
            }
            out.u8(form.number()).u8(0).u16(0);
            long start = out.beginPart();
            write(out, result);
            out.endPart(start);
        }
    }
}
