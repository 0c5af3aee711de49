// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Busy;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.Protocol;
import io.btd.api.BtdException.Recovering;
import io.btd.api.GlobalPointer;
import io.btd.api.wire.Request;
import io.btd.api.wire.Requests;
import io.btd.api.wire.Response;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/// One run of a batch: the calls for a node in as few BATCH requests as they fit into, one after the other; nodes
/// side by side. A call that stores a pointer to another node's block travels alone, in its turn, because that
/// block is exported first. Calls that no node was found for, or that theirs could not serve, are made alone at
/// the end.
final class BatchRun {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Bytes of a request or a response in a batch beside its payload.
    private static final int ENTRY = 8;

    /// The most bytes of the requests, and of the answers, of one BATCH.
    private static final long LIMIT = Verbs.CHUNK;

    private final Verbs verbs;
    private final long deadline;
    private final Map<Integer, List<BatchCall<?>>> byNode = new LinkedHashMap<>();
    private final List<BatchCall<?>> last = new ArrayList<>();

    BatchRun(Verbs verbs) {
        this.verbs = verbs;
        deadline = verbs.deadline();
    }

    /// Adds a call.
    ///
    /// @param node who is asked, empty where none can be
    void add(OptionalInt node, BatchCall<?> call) {
        if (node.isPresent()) {
            byNode.computeIfAbsent(node.getAsInt(), _ -> new ArrayList<>()).add(call);
        } else {
            last.add(call);
        }
    }

    /// Makes the calls and waits for all of them.
    void make() {
        Verbs.await(CompletableFuture.allOf(byNode.entrySet().stream()
                .map(node -> from(node.getKey(), node.getValue(), 0))
                .toArray(CompletableFuture<?>[]::new)));
        byNode.values()
                .forEach(calls ->
                        calls.stream().filter(call -> !call.isSettled()).forEach(last::add));
        Verbs.await(
                CompletableFuture.allOf(last.stream().map(BatchCall::makeAlone).toArray(CompletableFuture<?>[]::new)));
    }

    private CompletableFuture<?> from(int node, List<BatchCall<?>> calls, int first) {
        if (first == calls.size()) {
            return CompletableFuture.allOf();
        }
        if (goesAlone(node, calls.get(first))) {
            return calls.get(first).makeAlone().thenCompose(_ -> from(node, calls, first + 1));
        }
        int end = together(node, calls, first);
        List<BatchCall<?>> some = calls.subList(first, end);
        Request batch =
                new Request.Batch(some.stream().<Request>map(BatchCall::request).toList());
        return verbs.core()
                .calls()
                .ask(node, batch, deadline, answer -> settle(some, Answers.results(answer)))
                .exceptionally(error -> {
                    some.stream().filter(call -> !call.isSettled()).forEach(call -> call.fail(error));
                    return Answers.nothing();
                })
                .thenCompose(_ -> from(node, calls, end));
    }

    private static Void settle(List<BatchCall<?>> calls, Response.Results results) {
        if (results.results().size() != calls.size()) {
            throw new Protocol(
                    0,
                    "answer to another batch: answers=" + results.results().size() + ", calls=" + calls.size(),
                    "use a matching version");
        }
        for (int i = 0; i < calls.size(); i++) {
            BatchCall<?> call = calls.get(i);
            Response response = results.results().get(i);
            if (!isForLater(call.request(), response)) {
                call.answer(response);
            }
        }
        return Answers.nothing();
    }

    /// Whether another node may serve it, or this one once something was exported.
    private static boolean isForLater(Request request, Response response) {
        return response instanceof Response.ExportFirst
                || request instanceof Request.Malloc
                        && response instanceof Response.Failed(BtdException error)
                        && (error instanceof Full || error instanceof Recovering || error instanceof Busy);
    }

    /// How far the calls fit into one request.
    private int together(int node, List<BatchCall<?>> calls, int first) {
        long asked = 0;
        long answered = 0;
        int end = first;
        while (end < calls.size() && end - first < Request.MAX_BATCH && !goesAlone(node, calls.get(end))) {
            asked += ENTRY + Requests.payloadBytes(calls.get(end).request());
            answered += answerBytes(calls.get(end).request());
            if (end > first && (asked > LIMIT || answered > LIMIT)) {
                break;
            }
            end++;
        }
        return end;
    }

    private static long answerBytes(Request request) {
        long bytes = 2 * ENTRY + Long.BYTES;
        if (request instanceof Request.Read read) {
            bytes += read.ranges().stream().mapToLong(Request.Range::bytes).sum();
        }
        return bytes;
    }

    private boolean goesAlone(int node, BatchCall<?> call) {
        MemorySegment stored = call.stored();
        long bytes = answerBytes(call.request());
        return bytes > LIMIT
                || call.request() instanceof Request.Write write && write.data().byteSize() > LIMIT
                || stored != null && namesOthers(node, stored);
    }

    private boolean namesOthers(int node, MemorySegment stored) {
        for (long at = 0; at + Long.BYTES <= stored.byteSize(); at += Long.BYTES) {
            int other = GlobalPointer.node(stored.get(WORD, at));
            if (other != 0 && other != node && verbs.core().sessions().isMember(other)) {
                return true;
            }
        }
        return false;
    }
}
