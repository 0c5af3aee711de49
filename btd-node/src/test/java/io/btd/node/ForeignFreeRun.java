// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.GlobalPointer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Keeps [ForeignFreeWorker]s busy: each is told to allocate, or to free what another one allocated, a few commands
/// ahead. Some are killed in between. Nobody is killed while another one is about to free a block of his: with the
/// session that holds it the block would go, and its name might be somebody else's by then.
final class ForeignFreeRun implements AutoCloseable {
    private static final int AHEAD = 6;
    private static final int LIVE_PER_WORKER = 60;

    private final SplittableRandom random;
    private final LiveExtents live = new LiveExtents();
    private final List<Worker> workers = new ArrayList<>();
    private final Map<Long, Order> beingFreed = new HashMap<>();
    private final Set<Integer> doomed = new HashSet<>();
    private final int target;
    private int left;
    private int kills;
    private int betweenKills;
    private int untilKill;
    private int mallocs;
    private int frees;

    /// @param commands how many are given in all
    /// @param kills how many workers are killed meanwhile, evenly spread
    ForeignFreeRun(String zooKeeper, int count, int commands, int kills, SplittableRandom random) throws IOException {
        this.random = random;
        this.left = commands;
        this.kills = kills;
        this.betweenKills = commands / (kills + 1);
        this.untilKill = betweenKills;
        this.target = count * LIVE_PER_WORKER;
        try {
            for (int i = 0; i < count; i++) {
                workers.add(new Worker(i, new ChildProcess(List.of(), ForeignFreeWorker.class, zooKeeper)));
            }
        } catch (IOException | RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /// Who was told to free what.
    private record Order(LiveExtents.Block block, int by) {}

    /// One child. What it is told, and which commands are on their way, is guarded by the run's lock.
    private static final class Worker {
        final int number;
        final ChildProcess child;
        int onTheirWay;
        boolean killed;

        Worker(int number, ChildProcess child) {
            this.number = number;
            this.child = child;
        }
    }

    /// Gives all commands, and returns when all answers are there.
    void work() throws InterruptedException, IOException {
        for (Worker worker : workers) {
            String first = worker.child.line();
            if (!"ready".equals(first)) {
                throw new AssertionError("worker did not start: " + first + "\n" + worker.child.rest());
            }
        }
        try (ExecutorService readers = Executors.newCachedThreadPool()) {
            List<Future<?>> all = new ArrayList<>();
            for (Worker worker : workers) {
                all.add(readers.submit(() -> listen(worker)));
            }
            try {
                for (Future<?> one : all) {
                    one.get();
                }
            } catch (ExecutionException failed) {
                throw new AssertionError("a process failed: " + this, failed.getCause());
            } finally {
                if (all.stream().anyMatch(one -> !one.isDone())) {
                    close(); // so that their readers come to an end
                }
            }
        }
    }

    private @Nullable Void listen(Worker worker) throws IOException, InterruptedException {
        command(worker);
        while (isBusy(worker)) {
            String line = worker.child.line();
            if (line == null) {
                throw new AssertionError("worker ended: number=" + worker.number);
            }
            answered(worker, line);
            command(worker);
            if (mayDie(worker)) {
                worker.child.kill();
                buried(worker);
            }
        }
        return null;
    }

    private synchronized boolean isBusy(Worker worker) {
        return worker.onTheirWay > 0 && !worker.killed;
    }

    private synchronized void answered(Worker worker, String line) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "block" -> {
                live.add(new LiveExtents.Block(
                        GlobalPointer.parse(words[1]),
                        Long.parseLong(words[2]),
                        Long.parseLong(words[3]),
                        worker.number));
                mallocs++;
            }
            case "freed" -> {
                beingFreed.remove(GlobalPointer.parse(words[1]));
                frees++;
            }
            default -> throw new AssertionError("worker " + worker.number + " said: " + line);
        }
        worker.onTheirWay--;
    }

    private synchronized void command(Worker worker) throws IOException {
        while (worker.onTheirWay < AHEAD && left > 0) {
            worker.child.tell(next(worker));
            worker.onTheirWay++;
            left--;
            if (kills > 0 && --untilKill == 0) {
                doom();
            }
        }
    }

    private String next(Worker worker) {
        boolean grow = random.nextInt(4) < (live.size() < target ? 3 : 1);
        return grow ? malloc() : free(worker);
    }

    private String malloc() {
        long most = switch (random.nextInt(200)) {
            case 0 -> 200_000;
            case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 -> 6_000;
            default -> 300;
        };
        return "malloc " + 8 * (3 + random.nextLong(most / 8)) + " " + random.nextLong(1L << 44); // no tag is a pointer
    }

    private String free(Worker worker) {
        return live.take(random, block -> block.owner() != worker.number && !doomed.contains(block.owner()))
                .map(block -> {
                    beingFreed.put(block.pointer(), new Order(block, worker.number));
                    return "free " + GlobalPointer.toString(block.pointer()) + " " + block.size() + " " + block.tag();
                })
                .orElseGet(this::malloc);
    }

    private void doom() {
        List<Integer> candidates = workers.stream()
                .map(worker -> worker.number)
                .filter(number -> !doomed.contains(number))
                .toList();
        doomed.add(candidates.get(random.nextInt(candidates.size())));
        kills--;
        untilKill = betweenKills;
    }

    private synchronized boolean mayDie(Worker worker) {
        return doomed.contains(worker.number)
                && !worker.killed
                && beingFreed.values().stream().noneMatch(order -> order.block().owner() == worker.number);
    }

    /// What it held may be somebody else's when its lease has run out. What it was told to free may be free or not;
    /// if it sent that, it is done long before the next one's lease has run out.
    private synchronized void buried(Worker worker) {
        worker.killed = true;
        live.forgetAllOf(worker.number);
        beingFreed.values().removeIf(order -> order.by() == worker.number);
    }

    /// Lets the workers that live end, and their sessions with them.
    void end() throws IOException, InterruptedException {
        for (Worker worker : workers) {
            if (!worker.killed) {
                worker.child.endInput();
            }
        }
        for (Worker worker : workers) {
            if (worker.killed) {
                continue;
            }
            String rest = worker.child.rest();
            if (worker.child.exitCode() != 0 || !rest.isEmpty()) {
                throw new AssertionError("worker " + worker.number + " ended badly: exit=" + worker.child.exitCode()
                        + ", output=" + rest);
            }
        }
    }

    /// How many blocks are live, of workers that live.
    int live() {
        return live.size();
    }

    int killed() {
        return (int) workers.stream().filter(worker -> worker.killed).count();
    }

    @Override
    public String toString() {
        return "mallocs=" + mallocs + ", frees=" + frees + ", live=" + live.size() + ", killed=" + killed();
    }

    @Override
    public void close() {
        workers.forEach(worker -> worker.child.close());
    }
}
