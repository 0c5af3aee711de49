// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.GlobalPointer;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import io.btd.client.Exchange.Patience;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Requests to nodes, and the exports that have to come before some of them. Thread-safe; nothing here waits.
final class Calls {
    private final Sessions sessions;

    Calls(Sessions sessions) {
        this.sessions = sessions;
    }

    /// Asks a node.
    ///
    /// @param take makes the result from the answer while its bytes are valid
    <T> CompletableFuture<T> ask(int node, Request request, long deadline, Function<Response, T> take) {
        return ask(node, request, 0, deadline, Patience.WAITS, take);
    }

    /// Asks a node.
    <T> CompletableFuture<T> ask(
            int node, Request request, int flags, long deadline, Patience patience, Function<Response, T> take) {
        Exchange<T> exchange = new Exchange<>(request, flags, deadline, patience, take);
        sessions.with(node).submit(exchange);
        return exchange;
    }

    /// Asks a node to store words that may be pointers to blocks of other nodes, which are exported there before.
    ///
    /// @param targets what certainly is a pointer to be stored, or 0: it has to name a live block
    <T> CompletableFuture<T> store(
            int node, Request request, long deadline, Function<Response, T> take, long... targets) {
        long[] foreign = Arrays.stream(targets)
                .filter(target -> target != GlobalPointer.NULL && GlobalPointer.node(target) != node)
                .toArray();
        if (foreign.length != 0) {
            return export(foreign, true, deadline)
                    .thenCompose(_ -> ask(node, request, FrameHeader.EXPORTED, deadline, Patience.WAITS, take));
        }
        return ask(node, request, deadline, Function.<Response>identity())
                .thenCompose(response -> response instanceof Response.ExportFirst(long[] words)
                        ? export(words, false, deadline)
                                .thenCompose(
                                        _ -> ask(node, request, FrameHeader.EXPORTED, deadline, Patience.WAITS, take))
                        : CompletableFuture.completedFuture(take.apply(response)));
    }

    /// Makes blocks fit to be referred to from other nodes.
    ///
    /// @param strict whether each has to be a live block; otherwise those that are not are left to the
    ///     node that is to store them
    CompletableFuture<Void> export(long[] words, boolean strict, long deadline) {
        Set<Integer> nodes = new LinkedHashSet<>();
        for (long word : words) {
            int node = GlobalPointer.node(word);
            if (sessions.isMember(node)) {
                nodes.add(node);
            } else if (strict) {
                return CompletableFuture.failedFuture(Sessions.foreign(word));
            }
        }
        CompletableFuture<?>[] asked = nodes.stream()
                .map(node -> exportAt(node, words, strict, deadline))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(asked);
    }

    private CompletableFuture<?> exportAt(int node, long[] words, boolean strict, long deadline) {
        long[] some = Arrays.stream(words)
                .filter(word -> GlobalPointer.node(word) == node)
                .distinct()
                .toArray();
        CompletableFuture<?> all = CompletableFuture.allOf();
        for (int from = 0; from < some.length; from += Request.MAX_POINTERS) {
            long[] part = Arrays.copyOfRange(some, from, Math.min(some.length, from + Request.MAX_POINTERS));
            CompletableFuture<long[]> asked = ask(node, new Request.Export(part), deadline, Answers::pointers);
            all = all.thenCombine(strict ? asked.thenAccept(Calls::refuse) : asked, (_, _) -> Answers.nothing());
        }
        return all;
    }

    private static void refuse(long[] dead) {
        if (dead.length != 0) {
            throw new InvalidPointer(
                    dead[0],
                    PointerFault.NOT_ALLOCATED,
                    "not allocated: pointer=" + GlobalPointer.toString(dead[0]),
                    "it was never allocated, or is free already");
        }
    }
}
