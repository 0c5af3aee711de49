// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.kill;

import io.btd.api.BtdCluster;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/// The process that is killed: `Victim ARENA CAPACITY SEED [OPERATIONS]`. Works until it dies, or closes the arena
/// after so many
/// operations of each thread; says what it has done on its output, a byte an operation: the number of the thread. Ends
/// when
/// its input does.
final class Victim {
    static final int THREADS = 4;
    /// Said once, before the arena is opened.
    static final int STARTED = 's';
    /// Said once, when it is open, recovered where needed.
    static final int OPEN = 'o';

    private Victim() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Thread.ofPlatform().daemon().start(Victim::endWithParent);
        long seed = Long.parseLong(arguments[2]);
        FileOutputStream pipe = new FileOutputStream(FileDescriptor.out);
        pipe.write(STARTED);
        BtdCluster cluster = BtdCluster.embedded(Path.of(arguments[0]), Long.parseLong(arguments[1]));
        List<Queue<Long>> unlinked = IntStream.range(0, THREADS)
                .mapToObj(thread -> (Queue<Long>) new ConcurrentLinkedQueue<Long>())
                .toList();
        pipe.write(OPEN);
        long operations = arguments.length < 4 ? Long.MAX_VALUE : Long.parseLong(arguments[3]);
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int owner = thread;
            threads.add(Thread.ofPlatform().start(() -> work(cluster, owner, seed, operations, pipe, unlinked)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (Queue<Long> blocks : unlinked) {
            blocks.forEach(cluster::free);
        }
        cluster.close();
    }

    /// The seed of a thread's choices.
    static long seed(long seed, int owner) {
        return seed * THREADS + owner;
    }

    private static void work(
            BtdCluster cluster,
            int owner,
            long seed,
            long operations,
            FileOutputStream pipe,
            List<Queue<Long>> unlinked) {
        Queue<Long> mine = unlinked.get(owner);
        Queue<Long> neighbours = unlinked.get((owner + 1) % THREADS);
        try {
            ShelfOnArena place = new ShelfOnArena(cluster, owner);
            Shelf shelf = new Shelf(place.numbers(), seed(seed, owner));
            for (long done = 0; done < operations; done++) {
                for (Long block = mine.poll(); block != null; block = mine.poll()) {
                    cluster.free(block);
                }
                place.perform(shelf.next(), neighbours);
                pipe.write(owner);
            }
        } catch (IOException parentGone) {
            Runtime.getRuntime().halt(1);
        } catch (RuntimeException | Error e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(2);
        }
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // nothing is said to us
            }
        } catch (IOException parentGone) {
            // as good as its end
        }
        Runtime.getRuntime().halt(1);
    }
}
