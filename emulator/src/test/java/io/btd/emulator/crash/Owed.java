// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

/// A canary's promise: the value is `now`, or already `next`.
record Owed(long now, long next, boolean acknowledges) implements Promise {

    static Owed exactly(long value) {
        return new Owed(value, value, true);
    }

    static Owed between(long now, long next) {
        return new Owed(now, next, false);
    }

    boolean allows(long value) {
        return value == now || value == next;
    }

    @Override
    public long hash() {
        return ImageHash.mix(now) + 31 * ImageHash.mix(next + 7);
    }
}
