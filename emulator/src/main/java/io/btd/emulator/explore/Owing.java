// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.GlobalPointer;
import io.btd.emulator.crash.ImageHash;
import io.btd.emulator.crash.Promise;
import io.btd.emulator.explore.WordsByTheBook.Block;
import io.btd.pmem.Geometry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is owed while an operation is in flight (as it was before, or as it will be after), or once it is
/// acknowledged (then both are the same). Confined to the program's thread.
final class Owing implements Promise {
    /// How what the threads of a race do is called, before their number.
    static final String RACING = "thread ";

    private static final String CRASHED = ", crashed";

    private final String operation;
    private final boolean acknowledges;
    private final boolean clean;
    private final HeapState before;
    private final List<Cell> gone;
    private HeapState after;
    private List<HeapState> others = List.of();
    private long mixed;
    private @Nullable Needs needs;
    private @Nullable Change change;
    private @Nullable Geometry geometry;

    private Owing(String operation, HeapState before, List<Cell> gone, boolean acknowledges, boolean clean) {
        this.operation = operation;
        this.before = before;
        this.gone = gone;
        this.after = before;
        this.acknowledges = acknowledges;
        this.clean = clean;
    }

    @Override
    public String title() {
        return operation.endsWith(CRASHED) ? "recovery" : operation;
    }

    /// While `operation` runs.
    static Owing during(String operation, Ledger ledger) {
        return new Owing(operation, ledger.state(), ledger.gone(), false, false);
    }

    /// What is owed by an image of the time `owing` held, until it has been recovered.
    static Owing again(Owing owing) {
        Owing same = new Owing(owing.operation.replace(CRASHED, "") + CRASHED, owing.before, owing.gone, false, false);
        same.after = owing.after;
        same.mixed = owing.mixed;
        return same;
    }

    /// Once `operation` has returned.
    ///
    /// @param clean whether the next open must find the arena clean
    static Owing once(String operation, Ledger ledger, boolean clean) {
        return new Owing(operation, ledger.state(), ledger.gone(), true, clean);
    }

    /// Says what must be on the medium by now, for the rules.
    ///
    /// @param words the bytes as the program sees them
    Owing needing(long[] words, Geometry shape) {
        needs = Needs.of(words, shape, after);
        geometry = shape;
        return this;
    }

    /// Lets the rules look at pointers that are stored.
    Owing watching(Geometry shape) {
        geometry = shape;
        return this;
    }

    /// Says that a range of a block changes, which takes a redo record if somebody may find the block after a
    /// crash and more than one word changes.
    void changes(long pointer, long from, long bytes) {
        long word = from & -Long.BYTES;
        boolean found = before.cells().containsKey(pointer) || before.held().containsKey(pointer);
        if (found && geometry != null && from + bytes > word + Long.BYTES) {
            change = new Change(
                    GlobalPointer.offset(pointer) + from, GlobalPointer.offset(pointer) + from + bytes, geometry);
        }
    }

    /// A range that changes under a redo record.
    private record Change(long from, long to, Geometry geometry) implements Logged {
        @Override
        public boolean contains(int word) {
            return word * 8L < to && word * 8L + 8 > from;
        }

        @Override
        public boolean covered(long[] durable, int word, long value) {
            long offset = word * 8L;
            int first = (int) Math.max(0, from - offset);
            int end = (int) Math.min(8, to - offset);
            return new WordsByTheBook(durable, geometry).logged(offset, value, first, end);
        }
    }

    @Override
    public long needs(int word) {
        return needs == null ? 0 : needs.mask(word);
    }

    @Override
    public @Nullable Logged logged() {
        return change;
    }

    /// Where a word that can be found after a crash comes to hold a pointer: all blocks that are found through
    /// it.
    @Override
    public Span[] published(int word, long value, long[] visible) {
        if (geometry == null || GlobalPointer.arena(value) == 0) {
            return Span.NONE;
        }
        WordsByTheBook book = new WordsByTheBook(visible, geometry);
        if (book.pointedTo(value) == null) {
            return Span.NONE;
        }
        long offset = word * 8L;
        Map<Long, Block> found = book.reachable();
        before.held().keySet().forEach(held -> book.reach(held, found));
        boolean finds = book.isRoot(offset)
                || found.values().stream().anyMatch(block -> block.mayPoint() && block.contains(offset));
        if (!finds) {
            return Span.NONE;
        }
        Map<Long, Block> published = new HashMap<>(found);
        published.remove(value);
        book.reach(value, published);
        found.keySet().stream().filter(pointer -> pointer != value).forEach(published::remove);
        return published.values().stream()
                .map(block -> {
                    int from = (int) (GlobalPointer.offset(block.pointer()) >>> 3);
                    return new Span(from, from + (int) (written(block) + 7 >>> 3), block.mayPoint());
                })
                .toArray(Span[]::new);
    }

    /// How many bytes of a block say something: of one without pointers, those that the program wrote. Behind them is
    /// what a former life of the memory left, and nobody was promised that.
    private long written(Block block) {
        Cell cell = after.cells().get(block.pointer());
        return cell == null || block.mayPoint() ? block.bytes() : Math.min(block.bytes(), cell.content().length);
    }

    /// One of several states: what is owed while operations of several threads are in flight.
    ///
    /// @param states at least one
    static Owing oneOf(String operation, List<HeapState> states, boolean acknowledges) {
        Owing owing = new Owing(operation, states.getFirst(), List.of(), acknowledges, false);
        owing.after = states.getLast();
        owing.others = states.size() < 3 ? List.of() : List.copyOf(states.subList(1, states.size() - 1));
        return owing;
    }

    /// Says what the operation led to.
    void became(HeapState state) {
        after = state;
    }

    /// Lets each word of one block be old or new on its own: a write without a log.
    void mayTear(long pointer) {
        mixed = pointer;
    }

    HeapState before() {
        return before;
    }

    HeapState after() {
        return after;
    }

    /// What may be found beside [#before] and [#after].
    List<HeapState> others() {
        return others;
    }

    boolean clean() {
        return clean;
    }

    /// The block whose words may be old or new each, or 0.
    long mixed() {
        return mixed;
    }

    /// Blocks that were wiped when they were freed: nothing of them may be in the image.
    List<Cell> gone() {
        return gone;
    }

    @Override
    public String operation() {
        int begin = operation.startsWith("~")
                ? 1
                : operation.startsWith(RACING) ? operation.indexOf(' ', RACING.length()) + 1 : 0;
        int end = operation.indexOf(':');
        return operation.substring(begin, end < 0 ? operation.length() : end);
    }

    @Override
    public boolean acknowledges() {
        return acknowledges;
    }

    @Override
    public Owing whileRecovering() {
        return clean ? again(this) : this;
    }

    @Override
    public long hash() {
        return ImageHash.mix(before.hash() + (clean ? 11 : 0) + 13L * gone.size())
                + 3 * ImageHash.mix(after.hash() + mixed)
                + 5 * others.stream().mapToLong(HeapState::hash).sum();
    }

    @Override
    public String toString() {
        if (!others.isEmpty() || acknowledges && before.hash() != after.hash()) {
            StringBuilder text = new StringBuilder("during " + operation + ": " + before);
            others.forEach(other -> text.append("  or  ").append(other));
            return text.append("  or  ").append(after).toString();
        }
        return acknowledges || before.hash() == after.hash()
                ? (acknowledges ? "after " : "during ") + operation + ": " + after + (clean ? ", closed cleanly" : "")
                : "during " + operation + ": " + before + "  or  " + after;
    }
}
