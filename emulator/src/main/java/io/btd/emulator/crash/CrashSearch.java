// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.CrashImages.Effort;
import io.btd.emulator.crash.Trace.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Crashes a recorded program at every point that matters and lets a check recover what is left: before
/// each fence that would make something durable, at each acknowledgement, at the end; and, for a sample,
/// again while recovering. An image that was recovered before under the same promise is skipped.
///
/// Confined to one thread. Keeps a medium per depth, on which only what differs is changed.
public final class CrashSearch implements AutoCloseable {
    private static final int DEPTH = 2;
    private static final int SELF_CHECK = 1 << 12;

    private final Check check;
    private final BooleanSupplier stop;
    private final PersistenceDomain domain;
    private final List<Level> levels = new ArrayList<>();
    private final LongSet seen = new LongSet();
    private final SearchCounts counts = new SearchCounts();
    private int nestEvery = 12;
    private int nestedPoints = 3;
    private Effort nestedEffort = Effort.NESTED;
    private boolean explaining;
    private @Nullable Finding finding;

    /// One depth: the medium images are laid into, and the model of the trace that is being crashed.
    private static final class Level {
        final Recorder recorder;
        final PendingLines model;
        final Cut cut;
        final long[] image;
        long[] base = {};

        Level(long bytes, PersistenceDomain domain) {
            recorder = new Recorder(bytes, domain);
            model = new PendingLines(recorder, domain);
            cut = new Cut(model.pending());
            image = new long[recorder.words()];
        }
    }

    /// A search over media of `bytes` bytes that ends early when `stop` says so.
    public CrashSearch(long bytes, PersistenceDomain domain, Check check, BooleanSupplier stop) {
        this.check = check;
        this.domain = domain;
        this.stop = stop;
        for (int depth = 0; depth < DEPTH; depth++) {
            levels.add(new Level(bytes, domain));
        }
    }

    /// Crashes each recovery again, everywhere: for small programs.
    public void thorough() {
        nestEvery = 1;
        nestedPoints = 1;
        nestedEffort = Effort.FULL;
    }

    /// From here on notes who stores during recoveries that are crashed in turn: for people.
    public void explain() {
        explaining = true;
    }

    /// What was done so far.
    public SearchCounts counts() {
        counts.distinct(seen.size());
        return counts;
    }

    /// Looks for a broken promise; null when none was found.
    ///
    /// @param base what the medium held when the trace began
    /// @param from the first position to crash at
    /// @param seed of the images where there are too many; nothing else is left to chance
    public @Nullable Finding explore(long[] base, Trace trace, int from, long seed) {
        finding = null;
        walk(base, trace, from, null, 0, seed);
        return finding;
    }

    /// One image that a crash at `position` could leave.
    public long[] imageAt(long[] base, Trace trace, int position, SplittableRandom random) {
        Level level = levels.getFirst();
        level.model.start(base);
        for (int at = 0; at < position; at++) {
            level.model.step(trace, at);
        }
        long[] image = level.model.durable().clone();
        CrashImages.any(level.cut, random);
        level.cut.layInto(image);
        return image;
    }

    private void walk(long[] base, Trace trace, int from, @Nullable Promise owed, int depth, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Level level = levels.get(depth);
        PendingLines model = level.model;
        level.base = base;
        model.start(base);
        Promise promise = owed;
        for (int at = 0; at <= trace.size() && finding == null && !stop.getAsBoolean(); at++) {
            Kind kind = at == trace.size() ? null : trace.kind(at);
            if (kind == Kind.PROMISE) {
                promise = trace.promised(at);
            }
            boolean chosen = at >= from && (depth == 0 || random.nextInt(nestedPoints) == 0);
            if (promise != null && chosen && isPoint(model, trace, at, kind, promise)) {
                crash(level, trace, at, promise, depth, ImageHash.mix(seed + at));
            }
            if (kind != null) {
                model.step(trace, at);
            }
        }
    }

    private static boolean isPoint(PendingLines model, Trace trace, int at, @Nullable Kind kind, Promise promise) {
        return switch (kind) {
            case null -> true;
            case FENCE -> model.fenceWouldCount(trace.thread(at));
            case PROMISE -> promise.acknowledges();
            case STORE, ORDERED_STORE -> !model.cached();
            case WRITE_BACK -> false;
        };
    }

    private void crash(Level level, Trace trace, int at, Promise promise, int depth, long seed) {
        counts.point();
        Effort effort = depth == 0 ? Effort.FULL : nestedEffort;
        CrashImages.forEach(level.cut, effort, new SplittableRandom(seed), cut -> {
            counts.image();
            long key = ImageHash.mix(cut.hash(level.model)) ^ promise.hash();
            if (seen.add(key)) {
                recover(level, trace, at, promise, depth, new SplittableRandom(key));
            }
            return finding == null && !stop.getAsBoolean();
        });
    }

    private void recover(Level level, Trace trace, int at, Promise promise, int depth, SplittableRandom random) {
        counts.recovery(depth);
        long[] durable = level.model.durable();
        level.cut.lay(level.recorder);
        long sample = random.nextLong();
        String wrong = examine(level.recorder, promise, new SplittableRandom(sample));
        if (wrong != null) {
            clean(level);
            String least = leastLost(level, promise, sample, wrong);
            level.cut.lay(level.recorder);
            finding = new Finding(least, promise, List.of(describe(level, trace, at)));
        } else if (depth + 1 < DEPTH && random.nextInt(nestEvery) == 0) {
            if (explaining) {
                noteCallers(level, promise, sample);
            }
            System.arraycopy(durable, 0, level.image, 0, durable.length);
            level.cut.layInto(level.image);
            walk(level.image, level.recorder.trace(), 0, promise.whileRecovering(), depth + 1, random.nextLong());
            if (finding != null) {
                finding = finding.after(promise, describe(level, trace, at));
            }
        }
        clean(level);
        if (counts.recoveries() % SELF_CHECK == 0) {
            level.recorder.requireNothingUnseen();
        }
    }

    /// Does the same recovery again, and notes who stores.
    private void noteCallers(Level level, Promise promise, long sample) {
        clean(level);
        level.cut.lay(level.recorder);
        level.recorder.explain(true);
        examine(level.recorder, promise, new SplittableRandom(sample));
        level.recorder.explain(false);
    }

    /// Takes back what the recovery did, and what the crash had left.
    private static void clean(Level level) {
        long[] durable = level.model.durable();
        level.recorder.undo(durable);
        level.cut.unlay(level.recorder, durable);
    }

    /// Lets as much of the image arrive as leaves something wrong; says what then is.
    private String leastLost(Level level, Promise promise, long sample, String wrong) {
        String[] last = {wrong};
        NeededLosses.reduce(level.cut, () -> {
            level.cut.lay(level.recorder);
            String now = examine(level.recorder, promise, new SplittableRandom(sample));
            clean(level);
            last[0] = now == null ? last[0] : now;
            return now != null;
        });
        return last[0];
    }

    private @Nullable String examine(Recorder recorder, Promise promise, SplittableRandom random) {
        recorder.limit();
        try {
            return check.examine(recorder, promise, random);
        } catch (RuntimeException | AssertionError | StackOverflowError | OutOfMemoryError e) {
            StackTraceElement[] stack = e.getStackTrace();
            return "unexpected " + e + (stack.length == 0 ? "" : " at " + stack[0]);
        }
    }

    private static Finding.Crash describe(Level level, Trace trace, int at) {
        String where = at == trace.size()
                ? "at the end"
                : switch (trace.kind(at)) {
                    case FENCE ->
                        "before the fence at " + trace.site(at).getClass().getSimpleName() + "."
                                + trace.site(at).name();
                    case PROMISE -> "at the acknowledgement";
                    default -> "after store " + at;
                };
        long[] image = level.model.durable().clone();
        level.cut.layInto(image);
        Scene scene = new Scene(
                level.base.clone(), trace.copy(), at, level.model.durable().clone(), image, level.cut.fates());
        return new Finding.Crash(at, where, level.cut.lost(), scene);
    }

    /// The domain whose losses are modelled.
    public PersistenceDomain domain() {
        return domain;
    }

    @Override
    public void close() {
        levels.forEach(level -> level.recorder.close());
    }
}
