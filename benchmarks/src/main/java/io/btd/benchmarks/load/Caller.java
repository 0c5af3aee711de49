// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

import java.io.IOException;

/// Somebody who makes calls and waits for them. Used by one thread, except for [#close].
public interface Caller extends AutoCloseable {

    /// Makes the operation as many times as the shape is deep, and waits for all.
    ///
    /// @throws IOException when the connection broke, or an answer is not what it must be
    void call() throws IOException;

    /// Disconnects; a call in progress fails.
    @Override
    void close();

    /// Where callers come from.
    @FunctionalInterface
    interface Source {
        /// Connects the caller of thread `index` (from 0).
        ///
        /// @throws IOException when the server is not there
        Caller open(int index) throws IOException;
    }
}
