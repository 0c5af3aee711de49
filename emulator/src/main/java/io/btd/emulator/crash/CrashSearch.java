// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.api.PersistenceDomain;
import io.btd.emulator.crash.CrashImages.Effort;
import io.btd.emulator.crash.Trace.Kind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Crashes a recorded program at every point that matters and lets a check recover what is left: before each
/// instruction that would make something durable, at each acknowledgement, at the end; and, for a sample, again
/// while recovering, and while recovering from that. An image that was recovered before under the same promise
/// is skipped; points like many before get less of the effort. In the same pass the trace is held against
/// [TraceRules].
///
/// Confined to one thread. Keeps a medium per depth, on which only what differs is changed.
public final class CrashSearch implements AutoCloseable {
    private static final int SELF_CHECK = 1 << 12;
    private static final int REMEMBERED = 1 << 13;

    private final Check check;
    private final BooleanSupplier stop;
    private final PersistenceDomain domain;
    private final Loss loss;
    private final List<Level> levels = new ArrayList<>();
    private final Seen seen;
    private final Novelty novelty = new Novelty();
    private final Map<Long, BitSet> readBefore = new HashMap<>();
    private final SearchCounts counts = new SearchCounts();
    private final TraceRules rules;
    private boolean ruling = true;
    private int nestEvery = 12;
    private int nestedPoints;
    private Effort nestedEffort = Effort.NESTED;
    private boolean explaining;
    private @Nullable Finding finding;

    /// What was recovered before, here or in other searches beside this one.
    ///
    /// @param states pairs of image and promise
    /// @param images images alone
    public record Seen(LongSet states, LongSet images) {
        /// Nothing yet.
        public static Seen nothing() {
            return new Seen(new LongSet(), new LongSet());
        }
    }

    /// One depth: the medium images are laid into, and the model of the trace that is being crashed.
    private static final class Level {
        final Recorder recorder;
        final PendingLines model;
        final Cut cut;
        final CrashImages images;
        final long[] image;
        long[] base = {};

        Level(long bytes, PersistenceDomain domain) {
            recorder = new Recorder(bytes, domain);
            model = new PendingLines(recorder, Loss.of(domain));
            cut = new Cut(model.pending());
            images = new CrashImages(model, cut);
            image = new long[recorder.words()];
        }
    }

    /// A search over media of `bytes` bytes that ends early when `stop` says so.
    public CrashSearch(long bytes, PersistenceDomain domain, Check check, BooleanSupplier stop) {
        this(bytes, domain, check, stop, Seen.nothing());
    }

    /// A search that skips what others have recovered.
    public CrashSearch(long bytes, PersistenceDomain domain, Check check, BooleanSupplier stop, Seen seen) {
        this.check = check;
        this.domain = domain;
        this.stop = stop;
        this.seen = seen;
        loss = Loss.of(domain);
        nestedPoints = loss == Loss.NOTHING ? 40 : 3; // there every store is a point
        for (int depth = 0; depth < SearchCounts.DEPTHS; depth++) {
            levels.add(new Level(bytes, domain));
        }
        rules = new TraceRules(levels.getFirst().model, loss);
    }

    /// Crashes each recovery again, everywhere: for small programs.
    public void thorough() {
        nestEvery = 1;
        nestedPoints = 1;
        nestedEffort = Effort.FULL;
    }

    /// Leaves the rules out: what is found then was found by recovering.
    public void withoutRules() {
        ruling = false;
    }

    /// From here on notes who stores during recoveries that are crashed in turn: for people.
    public void explain() {
        explaining = true;
    }

    /// What was done so far.
    public SearchCounts counts() {
        return counts;
    }

    /// The write-backs and fences that were executed, and those that saved nothing.
    public PersistCounts persists() {
        return rules.persists();
    }

    /// Looks for a broken promise; null when none was found.
    ///
    /// @param base what the medium held when the trace began
    /// @param from the first position to crash at
    /// @param seed of the images where there are too many; nothing else is left to chance
    public @Nullable Finding explore(long[] base, Trace trace, int from, long seed) {
        finding = null;
        walk(base, ImageHash.of(base), trace, from, null, 0, seed);
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

    private void walk(long[] base, long baseHash, Trace trace, int from, @Nullable Promise owed, int depth, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Level level = levels.get(depth);
        PendingLines model = level.model;
        level.base = base;
        model.start(base, baseHash);
        boolean ruled = ruling && depth == 0;
        if (ruled) {
            rules.start(base);
        }
        Promise promise = owed;
        for (int at = 0; at <= trace.size() && finding == null && !stop.getAsBoolean(); at++) {
            boolean end = at == trace.size();
            if (!end && trace.kind(at) == Kind.PROMISE) {
                promise = trace.promised(at);
            }
            if (ruled && !end) {
                finding = rules.before(trace, at, promise, at >= from);
            }
            boolean chosen = finding == null && at >= from && (depth == 0 || random.nextInt(nestedPoints) == 0);
            if (promise != null && chosen && (end || isPoint(model, trace, at, promise))) {
                crash(trace, at, promise, depth, ImageHash.mix(seed + at));
            }
            if (!end) {
                model.step(trace, at);
            }
        }
    }

    private static boolean isPoint(PendingLines model, Trace trace, int at, Promise promise) {
        return trace.kind(at) == Kind.PROMISE ? promise.acknowledges() : model.isPoint(trace, at);
    }

    private void crash(Trace trace, int at, Promise promise, int depth, long seed) {
        counts.point();
        Level level = levels.get(depth);
        Effort effort = depth > 0 ? nestedEffort : novelty.effort(level.model, trace, at, promise);
        level.images.forEach(effort, seed, (cut, reads) -> {
            counts.image();
            long image = cut.hash(level.model);
            long key = ImageHash.mix(image) ^ promise.hash();
            boolean fresh = seen.states().add(key);
            if (fresh) {
                counts.recovery(depth, promise.operation());
                if (seen.images().add(ImageHash.mix(image))) {
                    counts.distinctImage();
                }
            }
            if (reads == null) {
                if (fresh) {
                    recover(trace, at, promise, depth, new SplittableRandom(key), null, true, image);
                }
            } else {
                BitSet read = fresh ? null : readBefore.get(key);
                if (read == null) {
                    read = new BitSet();
                    recover(trace, at, promise, depth, new SplittableRandom(key), read, fresh, image);
                    remember(key, read);
                }
                reads.or(read);
            }
            return finding == null && !stop.getAsBoolean();
        });
    }

    /// Keeps what was read of an image, for the next point where it is one of the first two.
    private void remember(long key, BitSet read) {
        if (readBefore.size() >= REMEMBERED) {
            readBefore.clear();
        }
        readBefore.put(key, read);
    }

    /// @param fresh whether this is new, or only done again to see what it reads
    private void recover(
            Trace trace,
            int at,
            Promise promise,
            int depth,
            SplittableRandom random,
            @Nullable BitSet reads,
            boolean fresh,
            long image) {
        Level level = levels.get(depth);
        long[] durable = level.model.durable();
        level.cut.lay(level.recorder);
        long sample = random.nextLong();
        level.recorder.noteReads(reads);
        String wrong = examine(level.recorder, promise, new SplittableRandom(sample));
        level.recorder.noteReads(null);
        if (wrong != null) {
            clean(level);
            String least = leastLost(level, promise, sample, wrong);
            level.cut.lay(level.recorder);
            finding = new Finding(least, promise, List.of(describe(level, trace, at)));
        } else if (fresh && depth + 1 < SearchCounts.DEPTHS && random.nextInt(nestEvery * (depth + 1)) == 0) {
            if (explaining) {
                noteCallers(level, promise, sample);
            }
            System.arraycopy(durable, 0, level.image, 0, durable.length);
            level.cut.layInto(level.image);
            walk(
                    level.image,
                    image,
                    level.recorder.trace(),
                    0,
                    promise.whileRecovering(),
                    depth + 1,
                    random.nextLong());
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
        return new Finding.Crash(
                at, where(trace, at), level.cut.lost(), scene(level.base, level.model, level.cut, trace, at));
    }

    /// What there is to see of the crash that `cut` stands for.
    static Scene scene(long[] base, PendingLines model, Cut cut, Trace trace, int at) {
        long[] image = model.durable().clone();
        cut.layInto(image);
        return new Scene(base.clone(), trace.copy(), at, model.durable().clone(), image, cut.fates());
    }

    /// The moment before an event, for people.
    static String where(Trace trace, int at) {
        if (at == trace.size()) {
            return "at the end";
        }
        return switch (trace.kind(at)) {
            case FENCE -> "before the fence at " + name(trace, at);
            case WRITE_BACK -> "before the write-back at " + name(trace, at);
            case PROMISE -> "at the acknowledgement";
            case STORE, ORDERED_STORE, FOREIGN_LOAD -> "after store " + at;
        };
    }

    private static String name(Trace trace, int at) {
        return trace.site(at).getClass().getSimpleName() + "." + trace.site(at).name();
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
