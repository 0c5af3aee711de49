// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.GlobalPointer;
import io.btd.api.NodeStat;
import io.btd.api.RecoveryReport;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a scripted node does with requests: blocks in an array, names in a map. Thread-safe: tests look into it while
/// the node works, and get copies.
final class FakeMemory {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;

    private final int node;
    private final MemorySegment bytes;
    private final Map<Long, Long> live = new TreeMap<>();
    private final Map<String, Long> names = new HashMap<>();
    private final Map<Integer, Long> slots = new HashMap<>();
    private final List<Request> made = new ArrayList<>();
    private final Set<Long> exported = new HashSet<>();
    private long top = 4096;

    FakeMemory(int node, int capacity) {
        this.node = node;
        bytes = MemorySegment.ofArray(new long[capacity / 8]);
    }

    synchronized Set<Long> live() {
        return Set.copyOf(live.keySet());
    }

    synchronized Set<Long> exported() {
        return Set.copyOf(exported);
    }

    /// Every request that was made, those in batches one by one.
    synchronized List<Request> made() {
        return List.copyOf(made);
    }

    synchronized long available() {
        return bytes.byteSize() - top;
    }

    synchronized Response make(Request request, boolean foreignAllowed) {
        if (!(request instanceof Request.Batch)) {
            made.add(request);
        }
        try {
            return made(request, foreignAllowed);
        } catch (BtdException refused) {
            return new Response.Failed(refused);
        }
    }

    private Response made(Request request, boolean foreignAllowed) {
        return switch (request) {
            case Request.Ping _ -> new Response.Load(available(), bytes.byteSize(), true);
            case Request.Malloc malloc -> new Response.Pointers(malloc(malloc.size(), malloc.count()));
            case Request.MallocTyped malloc -> new Response.Pointers(malloc(malloc.size(), 1));
            case Request.Free free -> {
                for (long block : free.blocks()) {
                    check(block);
                    live.remove(block);
                }
                yield new Response.Done();
            }
            case Request.Realloc realloc -> {
                check(realloc.block());
                long grown = malloc(realloc.size(), 1)[0];
                live.remove(realloc.block());
                yield new Response.Value(grown);
            }
            case Request.UsableSize size -> {
                check(size.block());
                yield new Response.Value(live.getOrDefault(size.block(), 0L));
            }
            case Request.Adopt adopt -> {
                Arrays.stream(adopt.blocks()).forEach(this::check);
                yield new Response.Done();
            }
            case Request.Export export -> {
                Arrays.stream(export.blocks()).forEach(exported::add);
                yield new Response.Pointers(Arrays.stream(export.blocks())
                        .filter(block -> !live.containsKey(block))
                        .toArray());
            }
            case Request.Declare _ -> new Response.Pointers(new long[0]);
            case Request.Released _, Request.Close _ -> new Response.Done();
            case Request.Memcpy memcpy -> {
                if (!foreignAllowed
                        && memcpy.data().byteSize() == 8
                        && isForeign(memcpy.data().get(WORD, 0))) {
                    yield new Response.ExportFirst(new long[] {memcpy.data().get(WORD, 0)});
                }
                at(memcpy.destination(), memcpy.data().byteSize()).copyFrom(memcpy.data());
                yield new Response.Done();
            }
            case Request.Copy copy -> {
                at(copy.destination(), copy.bytes()).copyFrom(at(copy.source(), copy.bytes()));
                yield new Response.Done();
            }
            case Request.Write write -> {
                at(write.ranges().getFirst().address(), write.data().byteSize()).copyFrom(write.data());
                yield new Response.Durable(write.durability());
            }
            case Request.Read read -> {
                Request.Range range = read.ranges().getFirst();
                yield new Response.Data(at(range.address(), range.bytes()));
            }
            case Request.GetLong get -> new Response.Value(word(get.address()));
            case Request.PutPointer put -> {
                if (!foreignAllowed && isForeign(put.target())) {
                    yield new Response.ExportFirst(new long[] {put.target()});
                }
                set(put.slot(), put.target());
                yield new Response.Done();
            }
            case Request.CompareAndSet word -> {
                if (!foreignAllowed && isForeign(word.value())) {
                    yield new Response.ExportFirst(new long[] {word.value()});
                }
                boolean holds = word(word.address()) == word.expected();
                if (holds) {
                    set(word.address(), word.value());
                }
                yield new Response.Truth(holds);
            }
            case Request.GetAndAdd word -> {
                long before = word(word.address());
                set(word.address(), before + word.delta());
                yield new Response.Value(before);
            }
            case Request.GetAndSet word -> {
                long before = word(word.address());
                set(word.address(), word.value());
                yield new Response.Value(before);
            }
            case Request.UnlinkAndFree unlink -> {
                boolean holds = word(unlink.slot()) == unlink.expected();
                if (holds) {
                    check(unlink.expected());
                    set(unlink.slot(), unlink.replacement());
                    live.remove(unlink.expected());
                }
                yield new Response.Truth(holds);
            }
            case Request.RootGet get -> new Response.Value(names.getOrDefault(get.name(), 0L));
            case Request.RootPut put -> {
                long before = names.getOrDefault(put.name(), 0L);
                if (before == 0 || !put.ifAbsent()) {
                    names.put(put.name(), put.block());
                }
                yield new Response.Value(before);
            }
            case Request.RootRemove remove -> new Response.Truth(names.remove(remove.name(), remove.expected()));
            case Request.RootNames after -> page(after.after());
            case Request.SlotGet slot -> new Response.Value(slots.getOrDefault(slot.number(), 0L));
            case Request.SlotSet slot -> new Response.Value(slots.merge(slot.number(), slot.block(), (a, _) -> a));
            case Request.Stat _ ->
                new Response.State(
                        new NodeStat(node, NodeStat.State.UP, "", "", 1, 1, 0, List.of()),
                        new RecoveryReport(
                                true,
                                false,
                                node,
                                1,
                                List.of(),
                                List.of(),
                                0,
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ZERO));
            case Request.Batch batch ->
                new Response.Results(batch.requests().stream()
                        .map(one -> make(one, foreignAllowed))
                        .toList());
        };
    }

    /// Two names at a time, so that there are pages.
    private Response page(String after) {
        List<String> behind = names.keySet().stream()
                .filter(name -> compare(name, after) > 0)
                .sorted(FakeMemory::compare)
                .toList();
        return new Response.Names(behind.subList(0, Math.min(2, behind.size())), behind.size() > 2);
    }

    private static int compare(String one, String other) {
        return Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private long[] malloc(long size, int count) {
        long each = (size + 15) / 16 * 16;
        if (each * count > available()) {
            throw new Full("no room: size=" + size + ", node=" + node, available(), "free something");
        }
        long[] blocks = new long[count];
        for (int i = 0; i < count; i++) {
            blocks[i] = GlobalPointer.of(node, 1, top);
            live.put(blocks[i], each);
            top += each;
        }
        return blocks;
    }

    private void check(long block) {
        if (!live.containsKey(block)) {
            throw new InvalidPointer(block, PointerFault.NOT_ALLOCATED, "not allocated: pointer=" + block, "malloc");
        }
    }

    private boolean isForeign(long word) {
        return GlobalPointer.node(word) != 0 && GlobalPointer.node(word) != node;
    }

    private MemorySegment at(long address, long count) {
        return bytes.asSlice(GlobalPointer.offset(address), count);
    }

    synchronized long word(long address) {
        return at(address, 8).get(WORD, 0);
    }

    private void set(long address, long value) {
        at(address, 8).set(WORD, 0, value);
    }
}
