// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import java.time.Duration;

/// How long DiSNI means by a number.
final class Waits {
    /// A wait without end comes back empty after this, and DiSNI's threads wait again, if they have not been told to
    /// end meanwhile. Nothing else would wake them for that.
    private static final Duration SLICE = Duration.ofMillis(100);

    private Waits() {}

    /// What a thread of DiSNI's that waits on what its provider has closed does instead of coming back at once,
    /// which it would do without end.
    static void idle() {
        try {
            Thread.sleep(SLICE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @param millis negative is without end
    static Duration of(int millis) {
        return millis < 0 ? SLICE : Duration.ofMillis(millis);
    }
}
