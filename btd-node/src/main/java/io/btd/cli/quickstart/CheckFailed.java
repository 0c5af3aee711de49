// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.quickstart;

/// Something the quickstart promises did not hold.
final class CheckFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CheckFailed(String message) {
        super(message);
    }

    static void unless(boolean holds, String message) {
        if (!holds) {
            throw new CheckFailed(message);
        }
    }
}
