// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.BtdException.ArenaUnusable;
import io.btd.api.Durability;
import io.btd.api.GlobalPointer;
import io.btd.emulator.crash.Check;
import io.btd.emulator.crash.Promise;
import io.btd.emulator.crash.Recorder;
import io.btd.pmem.Geometry;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Recovers an image and looks whether everything is as promised: content, roots, no block twice, live
/// equals reachable, no page leaked; on samples also that bitmaps full of garbage are not believed, that
/// recovering again changes nothing, that a clean close keeps everything, and that what is left of the
/// arena can be allocated and lies elsewhere.
final class HeapCheck implements Check {
    private static final int RARELY = 16;
    private static final int VERY_RARELY = 64;
    private static final int BRIM = 4;

    private final Opening opening;
    private final Geometry geometry;

    HeapCheck(Opening opening, Geometry geometry) {
        this.opening = opening;
        this.geometry = geometry;
    }

    @Override
    public @Nullable String examine(Recorder image, Promise promise, SplittableRandom random) {
        Owing owing = (Owing) promise;
        ArenaLook look = new ArenaLook(image.medium().segment(), geometry);
        owing.gone().forEach(cell -> image.looked(GlobalPointer.offset(cell.pointer()), cell.content().length));
        String remains = look.remains(owing.gone(), owing.after());
        if (!remains.isEmpty()) {
            return remains;
        }
        int sample = random.nextInt(VERY_RARELY);
        if (sample % RARELY == 0 && look.dirty()) {
            look.scramble(image.medium().memory(), random);
        }
        boolean node = owing.before().holdings().node();
        Opened cluster;
        try {
            cluster = open(image, node, !owing.gone().isEmpty());
        } catch (ArenaUnusable e) {
            return owing.before().formatted() ? "arena does not open: " + e.getMessage() : null;
        }
        try {
            if (sample == BRIM && cluster.undecided()) {
                return brim(image, cluster, owing);
            }
            HeapState state = look(image, cluster, owing, owing.clean());
            if (sample % RARELY == 1) {
                Opened again = open(image, node, false);
                requireSame(state, look(image, again, owing, false), "after recovering again");
            } else if (sample % RARELY == 2) {
                fill(image, cluster.calls(), state);
                requireSame(state, match(image, cluster, owing), "after filling the arena");
            } else if (sample == 3) {
                cluster.close();
                Opened again = open(image, node, false);
                requireSame(state, look(image, again, owing, !node), "after a clean close");
            }
            return null;
        } catch (StateMatch.Broken e) {
            return e.getMessage();
        }
    }

    private static void requireSame(HeapState state, HeapState again, String when) {
        if (state.hash() != again.hash()) {
            throw new StateMatch.Broken(when + ": " + again + " instead of " + state);
        }
    }

    private Opened open(Recorder image, boolean node, boolean zeroOnFree) {
        if (!node) {
            return new Opened(opening.open(image.medium(), zeroOnFree), null);
        }
        NodeUnderTest opened = NodeUnderTest.open(image.medium(), zeroOnFree);
        return new Opened(opened.calls(), opened);
    }

    /// Fills what is left before the sessions declare: that takes nothing away from them.
    private @Nullable String brim(Recorder image, Opened cluster, Owing owing) {
        for (int size : new int[] {geometry.unitBytes(), 64, 16}) {
            try {
                while (true) {
                    long block = cluster.calls().malloc(size, Alloc.OPAQUE);
                    scribble(cluster.calls(), block);
                }
            } catch (BtdException.Full full) {
                // the next size down
            }
        }
        match(image, cluster, owing);
        return null;
    }

    private static void scribble(BtdCluster cluster, long block) {
        byte[] scribble = new byte[(int) cluster.usableSize(block)];
        Arrays.fill(scribble, (byte) 0x5a);
        cluster.write(block, MemorySegment.ofArray(scribble), Durability.VISIBLE);
    }

    private HeapState match(Recorder image, Opened cluster, Owing owing) {
        NodeUnderTest node = cluster.node;
        return new StateMatch(
                        cluster.calls(),
                        node == null
                                ? null
                                : new Declared(
                                        node,
                                        new ArenaLook(image.medium().segment(), geometry),
                                        image,
                                        cluster.declared))
                .find(owing);
    }

    /// The sessions of a recovered node, which declare what they are asked for.
    private record Declared(NodeUnderTest node, ArenaLook look, Recorder image, Set<Long> declared)
            implements StateMatch.Declarations {
        @Override
        public SortedSet<Long> sessions() {
            return node.ids();
        }

        @Override
        public boolean holds(long pointer, int bytes) {
            if (node.heap().declare(pointer)) {
                declared.add(pointer);
            }
            return declared.contains(pointer) && node.calls().usableSize(pointer) >= bytes;
        }

        @Override
        public boolean exported(long pointer) {
            return look.exported(pointer);
        }

        @Override
        public byte[] bytes(long pointer, int length) {
            image.looked(GlobalPointer.offset(pointer), length);
            return look.bytes(pointer, length);
        }
    }

    /// A recovered arena, and what was told to it.
    private static final class Opened {
        final BtdCluster calls;
        final @Nullable NodeUnderTest node;
        final Set<Long> declared = new HashSet<>();
        long kept;

        Opened(BtdCluster calls, @Nullable NodeUnderTest node) {
            this.calls = calls;
            this.node = node;
            kept = node == null ? 0 : node.keptAtOpen();
        }

        BtdCluster calls() {
            return calls;
        }

        boolean undecided() {
            return node != null && node.heap().undecided();
        }

        void decide() {
            if (node != null) {
                kept += node.heap().decide().keptBlocks();
            }
        }

        void close() {
            if (node != null) {
                node.close();
            } else {
                calls.close();
            }
        }
    }

    private HeapState look(Recorder image, Opened opened, Owing owing, boolean clean) {
        BtdCluster cluster = opened.calls();
        boolean found = cluster.recovery().clean();
        if (clean && !found) {
            throw new StateMatch.Broken("arena is not clean after an acknowledged clean close");
        }
        NodeUnderTest node = opened.node;
        if (node != null && !node.ids().isEmpty() != node.heap().undecided()) {
            throw new StateMatch.Broken("undecided without a session, or decided before one declared");
        }
        HeapState state = match(image, opened, owing);
        opened.decide();
        if (node != null) {
            requireSame(state, match(image, opened, owing), "after the decision");
        }
        ArenaLook look = new ArenaLook(image.medium().segment(), geometry);
        Set<Long> live = new HashSet<>(look.directoryBlocks());
        live.addAll(look.sessionBlocks());
        live.addAll(state.cells().keySet());
        live.addAll(opened.declared);
        requireApart(look, live);
        long count = cluster.stat().liveBlocks();
        long kept = opened.kept;
        // Of what an exported run keeps, some was declared as well, and so is counted among the live.
        long twice = opened.declared.stream().filter(look::exported).count();
        long least = live.size() + (found ? 0 : Math.max(0, kept - twice));
        // What exported blocks lead to lives as well, and what is in a free one of them may look like a pointer: with
        // them
        // there is no telling how much lives.
        long most = look.anyExported() ? count : live.size() + kept + (found ? state.strays() : 0);
        if (count < least || count > most) {
            throw new StateMatch.Broken("live blocks are " + count + ", reachable ones " + live.size()
                    + (found ? ", strays at most " + state.strays() : "") + ", kept " + kept);
        }
        if (!found) {
            String fault = look.faultOfRuns(live, cluster.stat().pagesInUse() / geometry.pageBytes());
            if (!fault.isEmpty()) {
                throw new StateMatch.Broken(fault);
            }
        }
        return state;
    }

    private static void requireApart(ArenaLook look, Set<Long> live) {
        List<Long> blocks = new ArrayList<>(live);
        blocks.sort(Long::compare);
        long end = 0;
        for (long block : blocks) {
            if (block < end) {
                throw new StateMatch.Broken("two live blocks overlap: " + HeapState.hex(block));
            }
            end = block + look.blockBytes(block);
        }
    }

    /// Allocates until nothing is left, scribbles over all of it, and looks how much it was.
    private void fill(Recorder image, BtdCluster cluster, HeapState state) {
        BitSet granules = new BitSet();
        ArenaLook look = new ArenaLook(image.medium().segment(), geometry);
        Set<Long> live = look.directoryBlocks();
        live.addAll(state.cells().keySet());
        live.addAll(state.held().keySet());
        live.addAll(look.sessionBlocks());
        live.forEach(block -> claim(look.blockBytes(block), granules, block));
        for (int size :
                new int[] {geometry.unitBytes() * 2, geometry.unitBytes(), geometry.unitBytes() / 2 + 1, 64, 16}) {
            try {
                while (true) {
                    long block = cluster.malloc(size, Alloc.OPAQUE);
                    claim(cluster.usableSize(block), granules, block);
                    scribble(cluster, block);
                }
            } catch (BtdException.Full full) {
                // the next size down
            }
        }
        long left = cluster.stat().capacity() - cluster.stat().pagesInUse();
        if (left >= geometry.unitBytes() * 2L) {
            throw new StateMatch.Broken("capacity is lost: left=" + left + " bytes when full");
        }
    }

    private void claim(long bytes, BitSet granules, long block) {
        int from = (int) (GlobalPointer.offset(block) - geometry.dataOffset() >>> 4);
        int to = from + (int) (bytes >>> 4);
        int next = granules.nextSetBit(from);
        if (next >= 0 && next < to) {
            throw new StateMatch.Broken("new block overlaps a live one: " + HeapState.hex(block));
        }
        granules.set(from, to);
    }
}
