// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

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

    /// Something could not be read and was left out.
    default void skipped(String what) {}
}
