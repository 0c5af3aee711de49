// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.schedule;

import io.btd.pmem.MemoryHook.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Runs programs, each on a thread of its own, *one thread at a time*: at every scheduling point the thread that runs
/// asks the policy who goes on, and hands the turn over if it is another. Between points nothing is left to chance, so
/// that the same policy leads to the same schedule.
///
/// A thread that waits in a way the scheduler is told of ([LogicalThread#waits]) gives the turn away; when all
/// wait and nobody changes anything, that is a deadlock. One that blocks unseen (a monitor, a queue) is
/// found by looking at its state now and then; it loses the turn, and until its next point it runs beside the others.
///
/// Everything but the turn is touched only by the thread that has it. Used by one thread at a time.
@SuppressWarnings({"NonAtomicVolatileUpdate", "ThreadPriorityCheck"}) // only the thread that has the turn counts
public final class Scheduler implements AutoCloseable {
    private static final int MOST_WAITS = 500;
    private static final long LOOK_NANOS = 20_000_000;
    private static final int LOOKS_BLOCKED = 2;
    private static final int LOOKS_RUNNING = 250;
    private static final int NOBODY = -1;

    private final LogicalThread[] threads;
    private final int limit;
    private boolean explain;

    private volatile int turn = NOBODY;
    private volatile boolean over = true;
    private volatile @Nullable Thread caller;
    private volatile int ended;
    private Policy policy = Policy.exactly(0, List.of());
    private int all;
    private int ready;
    private int blocked;
    private volatile int steps;
    private int waits;
    private int first;
    private List<Outcome.Switch> switches = new ArrayList<>();
    private volatile @Nullable String wrong;

    /// @param most threads
    /// @param limit of points, after which a schedule counts as endless
    public Scheduler(int most, int limit) {
        threads = new LogicalThread[most];
        this.limit = limit;
        for (int i = 0; i < most; i++) {
            threads[i] = new LogicalThread(this, i);
        }
    }

    /// Unwinds a thread of a schedule that was given up. An error, so that no program takes it for one of its own.
    private static final class GivenUp extends Error {
        private static final long serialVersionUID = 1L;

        GivenUp() {
            super("schedule given up", null, false, false);
        }
    }

    /// The threads, by number.
    public Thread thread(int number) {
        return threads[number];
    }

    /// From here on switches say where they happened; slow.
    public void explain() {
        explain = true;
    }

    /// Runs one program per thread to its end.
    public Outcome run(List<? extends Runnable> programs, Policy by) {
        all = (1 << programs.size()) - 1;
        ready = all;
        blocked = 0;
        ended = 0;
        steps = 0;
        waits = 0;
        wrong = null;
        switches = new ArrayList<>();
        policy = by;
        caller = Thread.currentThread();
        over = false;
        first = by.first(ready);
        turn = first;
        for (int i = 0; i < programs.size(); i++) {
            threads[i].give(programs.get(i));
        }
        awaitEnd(programs.size());
        over = true;
        turn = NOBODY;
        return new Outcome(wrong, steps, first, List.copyOf(switches));
    }

    // --- on the threads

    void perform(LogicalThread thread, Runnable program) {
        try {
            awaitTurn(thread);
            program.run();
        } catch (GivenUp gone) {
            // somebody else said why
        } catch (RuntimeException | Error e) {
            giveUp("thread " + thread.number() + " failed: " + text(e));
        } finally {
            end(thread);
        }
    }

    private static String text(Throwable e) {
        StackTraceElement[] stack = e.getStackTrace();
        return e + (stack.length == 0 ? "" : " at " + stack[0]);
    }

    private void end(LogicalThread thread) {
        if (wrong == null) {
            // Programs that blocked unseen may end without the turn.
            boolean mine = turn == thread.number();
            ready &= ~(1 << thread.number());
            blocked &= ~(1 << thread.number());
            if (mine && ready != 0) {
                waits = 0;
                hand(policy.instead(++steps, thread.number(), ready), null, -1);
            }
        }
        Thread waiting = caller;
        synchronized (this) {
            ended++; // the last thing: when all have, the next schedule may begin
        }
        LockSupport.unpark(waiting);
    }

    void point(LogicalThread thread, @Nullable Access access, long offset) {
        if (over) {
            return;
        }
        keepTurn(thread);
        int step = ++steps;
        if (step > limit) {
            giveUp("schedule does not end: points=" + limit);
            throw new GivenUp();
        }
        if (access != null && access != Access.LOAD) {
            waits = 0;
        }
        int next = policy.next(step, thread.number(), ready & ~blocked);
        if (next != thread.number()) {
            hand(next, access, offset);
            awaitTurn(thread);
        }
    }

    boolean waits(LogicalThread thread) {
        if (over) {
            return false;
        }
        keepTurn(thread);
        int step = ++steps;
        int others = ready & ~blocked & ~(1 << thread.number());
        if (++waits > MOST_WAITS || others == 0 && blocked == 0) {
            giveUp("deadlock: thread " + thread.number() + " waits " + where() + ", and no other can go on");
            throw new GivenUp();
        }
        if (others != 0) {
            hand(policy.whileWaiting(step, thread.number(), others), null, -1);
            awaitTurn(thread);
        } else {
            Thread.yield();
        }
        return true;
    }

    private void keepTurn(LogicalThread thread) {
        if (wrong != null) {
            throw new GivenUp();
        }
        if (turn != thread.number()) { // it was blocked unseen, and is back
            awaitTurn(thread);
        }
    }

    private void awaitTurn(LogicalThread thread) {
        while (turn != thread.number()) {
            if (wrong != null) {
                throw new GivenUp();
            }
            LockSupport.park(this);
        }
        if (wrong != null) {
            throw new GivenUp();
        }
        blocked &= ~(1 << thread.number());
    }

    private void hand(int to, @Nullable Access access, long offset) {
        String place = "";
        if (explain) {
            place = (access == null
                            ? offset == 0 ? "" : "waiting or done, "
                            : access + " 0x" + Long.toHexString(offset) + ", ")
                    + where();
        }
        switches.add(new Outcome.Switch(steps, to, place));
        turn = to;
        LockSupport.unpark(threads[to]);
    }

    /// The methods that led here, without the gateway and the scheduler.
    private static String where() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().startsWith("io.btd.emulator.schedule.")
                                && !frame.getClassName().startsWith("io.btd.emulator.crash.")
                                && !frame.getClassName().startsWith("io.btd.pmem."))
                        .limit(4)
                        .map(frame -> frame.getClassName().replaceFirst(".*\\.", "") + "." + frame.getMethodName() + ":"
                                + frame.getLineNumber())
                        .reduce((one, other) -> one + " < " + other)
                        .orElse(""));
    }

    private void giveUp(String why) {
        synchronized (this) {
            if (wrong == null) {
                wrong = why;
            }
        }
        for (LogicalThread thread : threads) {
            LockSupport.unpark(thread);
        }
        LockSupport.unpark(caller);
    }

    // --- on the caller

    private void awaitEnd(int programs) {
        int seen = -1;
        int looks = 0;
        long look = System.nanoTime() + LOOK_NANOS;
        while (ended < programs) {
            LockSupport.parkNanos(this, LOOK_NANOS);
            if (ended == programs || System.nanoTime() - look < 0) {
                continue;
            }
            look = System.nanoTime() + LOOK_NANOS;
            int now = steps * 31 + turn + ended;
            looks = now == seen ? looks + 1 : 0;
            seen = now;
            if (wrong != null) {
                replaceStuck(looks, programs);
            } else if (looks >= LOOKS_BLOCKED) {
                relieve(looks);
            }
        }
    }

    /// Takes the turn from a thread that is blocked where the scheduler does not see it.
    private void relieve(int looks) {
        int stuck = turn;
        if (stuck < 0) {
            return;
        }
        Object waitsFor = LockSupport.getBlocker(threads[stuck]);
        if (waitsFor == this || waitsFor == threads[stuck]) {
            return; // it has the turn, and the machine has not let it run yet
        }
        Thread.State state = threads[stuck].getState();
        boolean runs = state == Thread.State.RUNNABLE || state == Thread.State.NEW;
        if (runs && looks < LOOKS_RUNNING) {
            return;
        }
        blocked |= 1 << stuck;
        int others = ready & ~blocked;
        if (others == 0) {
            StringBuilder text = new StringBuilder("deadlock:");
            for (LogicalThread thread : threads) {
                if ((ready >>> thread.number() & 1) != 0) {
                    StackTraceElement[] stack = thread.getStackTrace();
                    text.append(" thread ").append(thread.number()).append(' ').append(thread.getState());
                    text.append(stack.length == 0 ? "" : " in " + outermost(stack))
                            .append(';');
                }
            }
            giveUp(text.append(" no other can go on").toString());
            return;
        }
        int next = policy.whileWaiting(++steps, stuck, others);
        switches.add(new Outcome.Switch(steps, next, "blocked, " + outermost(threads[stuck].getStackTrace())));
        turn = next;
        LockSupport.unpark(threads[next]);
    }

    private static String outermost(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (!frame.getClassName().startsWith("java.")
                    && !frame.getClassName().startsWith("jdk.")) {
                return frame.toString();
            }
        }
        return stack.length == 0 ? "?" : stack[0].toString();
    }

    /// A thread that stays blocked after its schedule was given up is left behind; another takes its place.
    private void replaceStuck(int looks, int programs) {
        if (looks < LOOKS_BLOCKED) {
            return;
        }
        for (int i = 0; i < programs && ended < programs; i++) {
            if (threads[i].getState() == Thread.State.BLOCKED || threads[i].getState() == Thread.State.WAITING) {
                threads[i].interrupt();
            }
        }
        if (looks > LOOKS_BLOCKED + 2) {
            for (int i = 0; i < threads.length; i++) {
                threads[i].close();
                threads[i] = new LogicalThread(this, i);
            }
            ended = programs;
        }
    }

    @Override
    public void close() {
        for (LogicalThread thread : threads) {
            thread.close();
        }
    }
}
