// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.Roots;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The roots of a cluster: each name and slot lives on the node that has its part. Thread-safe.
final class RemoteRoots implements Roots {
    private final Verbs verbs;

    RemoteRoots(Verbs verbs) {
        this.verbs = verbs;
    }

    @Override
    public long get(String name) {
        return Verbs.await(
                verbs.core().calls().ask(home(name), new Request.RootGet(name), verbs.deadline(), Answers::value));
    }

    @Override
    public long put(String name, long block) {
        return put(name, block, false);
    }

    @Override
    public long putIfAbsent(String name, long block) {
        return put(name, block, true);
    }

    private long put(String name, long block, boolean ifAbsent) {
        return store(home(name), new Request.RootPut(name, block, ifAbsent), block);
    }

    private long store(int home, Request request, long block) {
        return Verbs.await(verbs.core().calls().store(home, request, verbs.deadline(), Answers::value, block));
    }

    @Override
    public boolean remove(String name, long expected) {
        return Verbs.await(verbs.core()
                .calls()
                .ask(home(name), new Request.RootRemove(name, expected), verbs.deadline(), Answers::truth));
    }

    /// Asks every node that ever joined: one that is down may have names, and an answer without them would be
    /// wrong.
    @Override
    public List<String> names() {
        verbs.core().checkOpen();
        long deadline = verbs.deadline();
        List<CompletableFuture<List<String>>> asked = verbs.core().sessions().members().keySet().stream()
                .map(node -> page(node, "", new ArrayList<>(), deadline))
                .toList();
        return asked.stream()
                .flatMap(names -> Verbs.await(names).stream())
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .sorted(Arrays::compareUnsigned)
                .map(name -> new String(name, StandardCharsets.UTF_8))
                .toList();
    }

    private CompletableFuture<List<String>> page(int node, String after, List<String> before, long deadline) {
        return verbs.core()
                .calls()
                .ask(node, new Request.RootNames(after), deadline, Answers::names)
                .thenCompose(page -> next(node, page, before, deadline));
    }

    private CompletableFuture<List<String>> next(int node, Response.Names page, List<String> before, long deadline) {
        before.addAll(page.names());
        return page.more() && !page.names().isEmpty()
                ? page(node, page.names().getLast(), before, deadline)
                : CompletableFuture.completedFuture(before);
    }

    @Override
    public long slot(int number) {
        return Verbs.await(
                verbs.core().calls().ask(home(number), new Request.SlotGet(number), verbs.deadline(), Answers::value));
    }

    @Override
    public long setSlotOnce(int number, long block) {
        return store(home(number), new Request.SlotSet(number, block), block);
    }

    private int home(String name) {
        verbs.core().checkOpen();
        return homeOf(RootParts.of(name));
    }

    private int home(int slot) {
        verbs.core().checkOpen();
        return homeOf(RootParts.of(slot));
    }

    private int homeOf(int part) {
        return verbs.core().surroundings().membership().homeOfRoots(part);
    }
}
