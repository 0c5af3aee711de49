// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.emulator.crash.ImageHash;
import io.btd.emulator.crash.Promise;
import java.util.List;

/// What is owed while an operation is in flight (as it was before, or as it will be after), or once it is
/// acknowledged (then both are the same). Confined to the program's thread.
final class Owing implements Promise {
    private final String operation;
    private final boolean acknowledges;
    private final boolean clean;
    private final HeapState before;
    private final List<Cell> gone;
    private HeapState after;
    private List<HeapState> others = List.of();
    private long mixed;

    private Owing(String operation, HeapState before, List<Cell> gone, boolean acknowledges, boolean clean) {
        this.operation = operation;
        this.before = before;
        this.gone = gone;
        this.after = before;
        this.acknowledges = acknowledges;
        this.clean = clean;
    }

    /// While `operation` runs.
    static Owing during(String operation, Ledger ledger) {
        return new Owing(operation, ledger.state(), ledger.gone(), false, false);
    }

    /// What is owed by an image of the time `owing` held, until it has been recovered.
    static Owing again(Owing owing) {
        Owing same = new Owing(owing.operation + ", crashed", owing.before, owing.gone, false, false);
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
