// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

/// One thing that is measured: a system, an operation and a shape. Used by one thread at a time, except for
/// [#close], which any thread may call to end a [#run] that hangs.
public interface Subject extends AutoCloseable {

    /// What it is.
    Case what();

    /// Connects, and prepares what the operation works on.
    ///
    /// @throws Exception when the server is not there or refuses
    void open() throws Exception;

    /// Makes operations until the slice is over, and waits for the last of them.
    ///
    /// @throws Exception when an operation failed; the figures are not to be used
    void run(Slice slice) throws Exception;

    /// Disconnects. Once it is closed, it is not opened again.
    @Override
    void close();
}
