// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import io.btd.transport.rdma.ResourceCounts;
import io.btd.transport.rdma.stack.RdmaStack;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Verbs in Java: an adapter with one device, the fabric it is on, and the thread that does the work.
public final class SoftwareStack implements RdmaStack {
    private static final System.Logger LOG = System.getLogger(SoftwareStack.class.getName());

    /// What is late or asked again is so by this.
    private static final long LATER_MILLIS = 1;

    private final ReentrantLock lock = new ReentrantLock();
    private final ResourceCounts counts = new ResourceCounts();
    private final FaultPlan faults;
    private final ScheduledThreadPoolExecutor wire = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("software-rdma").factory());
    private final Root root;
    private final Fabric fabric;
    private final Regions regions = new Regions();
    private final LateWrites lateWrites = new LateWrites();
    private final Adapter device;
    private int pairs;

    /// An adapter on which what the plan says goes wrong.
    public SoftwareStack(FaultPlan faults) {
        this.faults = faults;
        this.root = new Root(this);
        this.fabric = new Fabric(faults);
        this.device = new Adapter(this, root);
    }

    /// Does something while nobody else does anything.
    interface Locked<T, E extends Exception> {
        T run() throws E;
    }

    <T, E extends Exception> T locked(Locked<T, E> action) throws E {
        lock.lock();
        try {
            return action.run();
        } finally {
            lock.unlock();
        }
    }

    Condition newCondition() {
        return lock.newCondition();
    }

    /// Has the wire do something soon. Called with the lock by what is open.
    void soon(Runnable work) {
        wire.execute(reported(work));
    }

    /// Has the wire do something a while later. Called with the lock by what is open. Nobody asks what became of it.
    @SuppressWarnings("FutureReturnValueIgnored")
    void later(Runnable work) {
        wire.schedule(reported(work), LATER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// The executor would keep to itself what goes wrong in here.
    private static Runnable reported(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.ERROR, "the software adapter is broken", e);
                throw e;
            }
        };
    }

    FaultPlan faults() {
        return faults;
    }

    Fabric fabric() {
        return fabric;
    }

    Regions regions() {
        return regions;
    }

    LateWrites lateWrites() {
        return lateWrites;
    }

    Adapter device() {
        return device;
    }

    /// A number that no other queue pair has. Called with the lock.
    int newPairNumber() {
        return ++pairs;
    }

    @Override
    public RdmaStack.EventChannel newEventChannel() {
        return locked(() -> new Events(this, root));
    }

    @Override
    public ResourceCounts counts() {
        return counts;
    }

    @Override
    public void close() {
        root.close();
    }

    /// What owns everything.
    private static final class Root extends Owned {
        Root(SoftwareStack stack) {
            super(stack, null);
        }

        @Override
        void release() {
            stack().wire.shutdownNow();
        }
    }
}
