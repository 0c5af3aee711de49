// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import io.btd.api.Durability;
import io.btd.api.GlobalPointer;
import io.btd.api.ScanKind;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import io.btd.api.wire.Responses;
import io.btd.heap.Heap;
import io.btd.log.Copier;
import io.btd.log.Words;
import io.btd.node.arena.OpenArena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Requests about what is in blocks. Thread-safe.
final class ContentRequests {
    private final Heap heap;
    private final Copier copier;
    private final Words words;

    ContentRequests(OpenArena arena) {
        heap = arena.heap();
        copier = arena.copier();
        words = arena.words();
    }

    Response memcpy(Request.Memcpy request, Making making) {
        copier.copyIn(request.destination(), request.data(), making.exported());
        return new Response.Done();
    }

    Response copy(Request.Copy request, Making making) {
        copier.copy(request.destination(), request.source(), request.bytes(), making.exported());
        return new Response.Done();
    }

    Response write(Request.Write request) {
        requireWritable(request.ranges());
        Durability durability = request.durability();
        long at = 0;
        for (Request.Range range : request.ranges()) {
            durability = copier.write(range.address(), request.data().asSlice(at, range.bytes()), request.durability());
            at += range.bytes();
        }
        return new Response.Durable(durability);
    }

    /// Of several ranges none is written unless all can be: what is wrong with one is found by writing nothing to it.
    private void requireWritable(List<Request.Range> ranges) {
        if (ranges.size() < 2) {
            return;
        }
        try (var _ = heap.begin()) {
            for (Request.Range range : ranges) {
                if (heap.finder().containing(range.address(), range.bytes()).kind() != ScanKind.OPAQUE) {
                    copier.write(range.address(), MemorySegment.NULL, Durability.VISIBLE);
                }
            }
        }
    }

    Response read(Request.Read request) {
        long bytes = Weight.readBytes(request);
        MemorySegment into = MemorySegment.ofArray(new byte[Responses.dataBytes(bytes) - 1]);
        read(request, into);
        return new Response.Data(into.asReadOnly());
    }

    /// Reads the ranges, one behind the other.
    void read(Request.Read request, MemorySegment into) {
        long at = 0;
        for (Request.Range range : request.ranges()) {
            MemorySegment part = into.asSlice(at, range.bytes());
            if (request.raw()) {
                copier.readRaw(range.address(), part);
            } else {
                copier.read(range.address(), part);
            }
            at += range.bytes();
        }
    }

    Response getLong(Request.GetLong request) {
        return new Response.Value(words.get(request.address()));
    }

    Response putPointer(Request.PutPointer request, Making making) {
        words.putPointer(request.slot(), request.target(), making.exported());
        making.published(request.target());
        return new Response.Done();
    }

    Response compareAndSet(Request.CompareAndSet request, Making making) {
        boolean publishes = mayHoldPointer(request.address());
        boolean done = words.compareAndSet(request.address(), request.expected(), request.value(), making.exported());
        if (done && publishes) {
            making.published(request.value());
        }
        return new Response.Truth(done);
    }

    Response getAndAdd(Request.GetAndAdd request) {
        return new Response.Value(words.getAndAdd(request.address(), request.delta()));
    }

    Response getAndSet(Request.GetAndSet request, Making making) {
        boolean publishes = mayHoldPointer(request.address());
        long before = words.getAndSet(request.address(), request.value(), making.exported());
        if (publishes) {
            making.published(request.value());
        }
        return new Response.Value(before);
    }

    /// Whether a pointer stored there makes its block reachable: a word that the collector does not look at holds
    /// numbers only.
    private boolean mayHoldPointer(long address) {
        try (var _ = heap.begin()) {
            return heap.finder().containingWord(address).mayHoldPointer(GlobalPointer.offset(address));
        }
    }
}
