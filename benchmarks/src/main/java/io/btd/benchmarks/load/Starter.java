// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

import java.io.IOException;

/// Starts operations and does not wait for them; each ends with a call of [Window#ended] or [Window#failed].
/// Used by one thread, except for [#close].
public interface Starter extends AutoCloseable {

    /// Starts an operation.
    ///
    /// @param slot 0 to depth - 1; no other operation has it at the moment
    /// @throws IOException when the connection is broken
    void start(int slot, Window window) throws IOException;

    /// Comes behind the last of some starts, before a wait.
    default void flush() {}

    /// Disconnects.
    @Override
    void close();

    /// Where a starter comes from.
    @FunctionalInterface
    interface Source {
        /// Connects.
        ///
        /// @throws IOException when the server is not there
        Starter open() throws IOException;
    }
}
