// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdException;
import java.time.Duration;
import java.util.function.Supplier;

/// Goes on when a node dies: a step that failed because a node was away, or whose outcome is not known, is begun
/// anew, as it would be by the next run if this one had been killed there. So a step must be one that may be killed
/// anywhere and begun again. Not thread-safe.
final class Patience {
    private final Runnable settle;
    private final IndexObserver observer;
    private final long limit;

    /// Steps over something that `settle` makes ready for the next one, as after a crash.
    ///
    /// @param limit how long one step is begun anew before its error is passed on
    Patience(Runnable settle, IndexObserver observer, Duration limit) {
        this.settle = settle;
        this.observer = observer;
        this.limit = limit.toNanos();
    }

    /// Does a step.
    ///
    /// @throws BtdException what the step throws, when waiting does not help, or has not for too long
    <T> T with(Supplier<T> step) {
        long begin = System.nanoTime();
        boolean failed = false;
        while (true) {
            try {
                if (failed) {
                    settle.run();
                }
                return step.get();
            } catch (BtdException e) {
                if (!mayPass(e) || System.nanoTime() - begin > limit) {
                    throw e;
                }
                failed = true;
                observer.waiting(e);
            }
        }
    }

    /// Whether a node that comes back mends it. No waiting is needed here: a call has waited for its deadline already,
    /// or its node is back.
    private static boolean mayPass(BtdException error) {
        return switch (error) {
            case BtdException.NodeDown _,
                    BtdException.Deadline _,
                    BtdException.OutcomeUnknown _,
                    BtdException.Recovering _,
                    BtdException.SessionLost _,
                    BtdException.Unreachable _,
                    BtdException.Busy _ -> true;
            default -> false;
        };
    }
}
