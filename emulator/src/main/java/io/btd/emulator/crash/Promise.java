// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

/// What a program owes its user from some moment on: what must be found after a crash. The check knows
/// what is inside.
public interface Promise {

    /// Whether this is the moment something was acknowledged: a crash point of its own.
    boolean acknowledges();

    /// What is still owed once the recovery from a crash has begun, and crashes in turn.
    default Promise whileRecovering() {
        return this;
    }

    /// What the program is doing or has done, in a word or two.
    default String title() {
        return toString();
    }

    /// Equal promises have equal hashes, different ones almost never.
    long hash();
}
