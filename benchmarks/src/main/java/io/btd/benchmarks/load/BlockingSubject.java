// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Callers who wait, each on a thread of its own. The operations of a batch count with the time of the whole
/// batch, since a caller has none of the results before.
public final class BlockingSubject implements Subject {
    private final Case what;
    private final Caller.Source source;
    private final List<Caller> callers = new ArrayList<>();
    private final ExecutorService threads;

    /// Takes its callers from `source`, one for each thread of the shape.
    public BlockingSubject(Case what, Caller.Source source) {
        this.what = what;
        this.source = source;
        this.threads = Executors.newFixedThreadPool(
                what.shape().threads(),
                Thread.ofPlatform().daemon().name("load-", 0).factory());
    }

    @Override
    public Case what() {
        return what;
    }

    @Override
    public void open() throws IOException {
        for (int index = 0; index < what.shape().threads(); index++) {
            callers.add(source.open(index));
        }
    }

    @Override
    public void run(Slice slice) throws IOException, InterruptedException {
        List<Callable<@Nullable Void>> loops = new ArrayList<>();
        for (Caller caller : callers) {
            Histogram recorded = Slice.histogram();
            loops.add(() -> loop(caller, slice, recorded));
        }
        slice.start();
        for (Future<@Nullable Void> loop : threads.invokeAll(loops)) {
            try {
                loop.get();
            } catch (ExecutionException failed) {
                Throwable cause = failed.getCause();
                throw new IOException(cause == null ? "failed" : String.valueOf(cause.getMessage()), cause);
            }
        }
    }

    private @Nullable Void loop(Caller caller, Slice slice, Histogram recorded) throws IOException {
        long until = slice.until();
        int depth = what.shape().depth();
        long before = System.nanoTime();
        do {
            caller.call();
            long after = System.nanoTime();
            Slice.record(recorded, after - before, depth);
            before = after;
        } while (before - until < 0);
        slice.add(recorded, before);
        return null;
    }

    @Override
    public void close() {
        callers.forEach(Caller::close);
        threads.shutdown();
    }
}
