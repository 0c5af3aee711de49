// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

/// One call on one register. Times are those of the history's clock: a number per beginning and per end, in the order
/// in which they happened.
///
/// @param client who called
/// @param began before the call was made
/// @param ended after its answer was there; [#NEVER] when the answer did not come: it may take effect at any time
///     later, or never
/// @param effect what it did and answered
public record Call(int client, long began, long ended, Effect effect) {

    /// The end of a call that was not answered.
    public static final long NEVER = Long.MAX_VALUE;

    /// Whether its answer is known.
    public boolean answered() {
        return ended != NEVER;
    }

    @Override
    public String toString() {
        return "[%d, %s] client %d: %s".formatted(began, answered() ? ended : "?", client, effect);
    }
}
