// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import io.btd.node.arena.ArenaRoots;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Requests about roots. Thread-safe.
final class RootRequests {
    /// Bytes of names in one answer.
    static final int PAGE = 64 << 10;

    private final ArenaRoots roots;

    RootRequests(ArenaRoots roots) {
        this.roots = roots;
    }

    Response get(Request.RootGet request) {
        return new Response.Value(roots.get(request.name()));
    }

    Response put(Request.RootPut request, Making making) {
        long before = roots.put(request.name(), request.block(), request.ifAbsent(), making.exported());
        if (before == 0 || !request.ifAbsent()) {
            making.published(request.block());
        }
        return new Response.Value(before);
    }

    Response remove(Request.RootRemove request) {
        return new Response.Truth(roots.remove(request.name(), request.expected()));
    }

    Response names(Request.RootNames request) {
        byte[] after = request.after().getBytes(StandardCharsets.UTF_8);
        List<String> page = new ArrayList<>();
        int bytes = 0;
        for (String name : roots.names()) {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            if (Arrays.compareUnsigned(text, after) > 0) {
                bytes += 2 + text.length;
                if (bytes > PAGE) {
                    return new Response.Names(page, true);
                }
                page.add(name);
            }
        }
        return new Response.Names(page, false);
    }

    Response slotGet(Request.SlotGet request) {
        return new Response.Value(roots.slot(request.number()));
    }

    Response slotSet(Request.SlotSet request, Making making) {
        long inSlot = roots.setSlotOnce(request.number(), request.block(), making.exported());
        if (inSlot == request.block()) {
            making.published(inSlot);
        }
        return new Response.Value(inSlot);
    }
}
