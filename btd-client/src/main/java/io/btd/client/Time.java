// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

/// Where the client gets the time from; tests have their own. Thread-safe.
interface Time extends AutoCloseable {

    /// Nanoseconds since some moment, ascending.
    long now();

    /// Runs work once, `nanos` from now, on a thread that must not be held up.
    Alarm after(long nanos, Runnable work);

    /// Runs work that may wait, on a thread of its own.
    void start(Runnable work);

    /// What was set for later does not come any more.
    @Override
    void close();

    /// Work set for later.
    interface Alarm {
        /// It need not come any more.
        void cancel();
    }
}
