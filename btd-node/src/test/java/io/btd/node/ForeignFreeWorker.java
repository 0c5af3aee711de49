// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException;
import io.btd.api.Durability;
import io.btd.api.GlobalPointer;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A process that allocates and frees what its parent tells it to, several commands at once:
///
/// ```
/// malloc SIZE TAG        -> block POINTER SIZE TAG
/// free POINTER SIZE TAG  -> freed POINTER
/// ```
///
/// A block begins with its own pointer (or its complement) and its tag, and ends with the tag; that is looked at before
/// it is freed. Blocks of even tags are opaque, the others may hold pointers. What goes wrong is said in a line that
/// begins with `failed`. The end of the input ends the process.
final class ForeignFreeWorker {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;

    /// Many processes that start together on a busy machine are slow, and not at fault.
    private static final Duration AMPLE = Duration.ofMinutes(1);

    private final BtdCluster cluster;
    private final FileOutputStream output = new FileOutputStream(FileDescriptor.out);

    private ForeignFreeWorker(BtdCluster cluster) {
        this.cluster = cluster;
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (BtdCluster cluster =
                BtdCluster.open(BtdConfig.cluster(arguments[0]).withDeadline(AMPLE))) {
            ForeignFreeWorker worker = new ForeignFreeWorker(cluster.spread());
            worker.say("ready");
            try (ExecutorService commands = Executors.newVirtualThreadPerTaskExecutor()) {
                for (String line = input.readLine(); line != null; line = input.readLine()) {
                    String[] words = line.split(" ", -1);
                    commands.execute(() -> worker.obey(words));
                }
            }
        }
    }

    private void obey(String[] words) {
        try {
            if (words[0].equals("malloc")) {
                allocate(Long.parseLong(words[1]), Long.parseLong(words[2]));
            } else {
                free(GlobalPointer.parse(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
            }
        } catch (BtdException | IllegalArgumentException e) {
            say("failed: command=" + String.join(" ", words) + ", error=" + e);
        }
    }

    private void allocate(long size, long tag) {
        boolean opaque = isOpaque(tag);
        long block = cluster.malloc(size, opaque ? Alloc.OPAQUE : Alloc.POINTERS);
        store(opaque, block, name(block, tag), tag);
        store(opaque, block + size - WORD.byteSize(), tag);
        say("block " + GlobalPointer.toString(block) + " " + size + " " + tag);
    }

    private static boolean isOpaque(long tag) {
        return (tag & 1) == 0;
    }

    /// What stands for the block in itself. Where the collector would see it, a block that leads to itself counts as
    /// published, and is no longer given back with its session.
    private static long name(long block, long tag) {
        return isOpaque(tag) ? block : ~block;
    }

    private void store(boolean opaque, long address, long... words) {
        if (opaque) {
            cluster.write(address, MemorySegment.ofArray(words), Durability.VISIBLE);
        } else {
            cluster.memcpy(address, MemorySegment.ofArray(words));
        }
    }

    private void free(long block, long size, long tag) {
        long[] head = new long[2];
        cluster.read(block, MemorySegment.ofArray(head));
        long tail = cluster.getLong(block + size - WORD.byteSize());
        if (head[0] != name(block, tag) || head[1] != tag || tail != tag) {
            say("failed: a block has other content: pointer=" + GlobalPointer.toString(block) + ", tag=" + tag
                    + ", there=" + GlobalPointer.toString(head[0]) + " " + head[1] + " " + tail);
            return;
        }
        cluster.free(block);
        say("freed " + GlobalPointer.toString(block));
    }

    /// In one piece, so that a kill leaves whole lines only.
    private synchronized void say(String line) {
        try {
            output.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException parentIsGone) {
            throw new UncheckedIOException(parentIsGone);
        }
    }
}
