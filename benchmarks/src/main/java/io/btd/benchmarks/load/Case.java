// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

import java.util.Locale;

/// What a figure is about.
///
/// @param system whose figure it is: `btd`, or a peer
/// @param call how the system calls the operation
public record Case(String system, Operation operation, String call, Link link, Shape shape) {

    /// The system measured here; all others are peers.
    public static final String BTD = "btd";

    /// Whether this is somebody btd is compared with.
    public boolean isPeer() {
        return !system.equals(BTD);
    }

    /// For a table; unique among the cases of one operation.
    public String label() {
        return (isPeer() ? system + " " + call : system) + " " + link.name().toLowerCase(Locale.ROOT) + ", "
                + shape.label();
    }

    /// For a message.
    @Override
    public String toString() {
        return label() + (isPeer() ? "" : ", " + operation.title());
    }
}
