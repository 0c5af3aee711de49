// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import io.btd.api.BtdException;

/// Watches an [IndexRun]. Called on its thread.
public interface IndexObserver {
    /// Watches nothing.
    IndexObserver NONE = new IndexObserver() {};

    /// The directory has been read; `files` files are to be visited.
    default void started(int files) {}

    /// A file has been dealt with, in whatever way.
    default void visited() {}

    /// A file has been indexed, durably.
    default void indexed(RawPath path) {}

    /// A node is away, or was; the step is begun anew.
    default void waiting(BtdException why) {}

    /// Something could not be read and was left out.
    default void skipped(String what) {}
}
