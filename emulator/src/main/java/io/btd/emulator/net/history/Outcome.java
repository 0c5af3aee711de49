// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

import io.btd.api.BtdException;

/// How a recorded call ended.
public sealed interface Outcome<T> {

    /// With an answer.
    record Done<T>(T answer) implements Outcome<T> {}

    /// With a typed error, which says that it had no effect.
    record Refused<T>(BtdException why) implements Outcome<T> {}

    /// Nobody knows: it may have taken effect, may do so later, or never.
    record Unknown<T>(RuntimeException why) implements Outcome<T> {}
}
