// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.Durability;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Reads the payloads of responses, as wire.md draws them.
final class ResponseReader {
    /// The least bytes of a result in the answer to a batch.
    private static final int RESULT_BYTES = 8;

    private ResponseReader() {}

    static Response read(ResponseForm form, MemorySegment payload) {
        PayloadReader in = new PayloadReader(payload, form);
        Response response = read(form, in);
        in.end();
        return response;
    }

    private static Response read(ResponseForm form, PayloadReader in) {
        if (form == ResponseForm.FAILED) {
            return new Response.Failed(Errors.read(in));
        }
        int first = in.u8();
        in.check(first <= ResponseWriter.EXPORT_FIRST, "first byte", first, "send 0 or 1");
        return first == ResponseWriter.EXPORT_FIRST ? new Response.ExportFirst(pointers(in)) : done(form, in);
    }

    private static Response done(ResponseForm form, PayloadReader in) {
        return switch (form) {
            case DONE -> new Response.Done();
            case VALUE -> new Response.Value(in.u64());
            case TRUTH -> new Response.Truth(in.bool("truth"));
            case POINTERS -> new Response.Pointers(pointers(in));
            case DATA -> new Response.Data(in.rest());
            case DURABLE -> new Response.Durable(in.bool("durability") ? Durability.PERSISTENT : Durability.VISIBLE);
            case NAMES -> names(in);
            case LOAD -> load(in);
            case STATE -> StatePayload.read(in);
            case RESULTS -> results(in);
            case EXPORT_FIRST, FAILED ->
                throw in.refused("malformed payload", "first byte", ResponseWriter.DONE, "send the form announced");
        };
    }

    private static long[] pointers(PayloadReader in) {
        return in.longs(in.count(0, Integer.MAX_VALUE, Long.BYTES));
    }

    private static Response names(PayloadReader in) {
        boolean more = in.bool("more");
        int count = in.count(0, Integer.MAX_VALUE, Short.BYTES);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(in.text());
        }
        return new Response.Names(names, more);
    }

    private static Response load(PayloadReader in) {
        boolean takesSessions = in.bool("takes sessions");
        return new Response.Load(in.u64(), in.u64(), takesSessions);
    }

    private static Response results(PayloadReader in) {
        int count = in.count(0, Request.MAX_BATCH, RESULT_BYTES);
        List<Response> results = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            results.add(result(in));
        }
        return new Response.Results(results);
    }

    private static Response result(PayloadReader in) {
        ResponseForm form = ResponseForm.numbered(in.u8(), in);
        in.zero(3);
        PayloadReader part = in.part(in.i32(), form);
        Response response = read(form, part);
        part.end();
        part.check(
                (response instanceof Response.ExportFirst) == (form == ResponseForm.EXPORT_FIRST),
                "form",
                form.number(),
                "send the form announced");
        return response;
    }
}
