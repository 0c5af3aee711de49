// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException.InvalidRoot;
import io.btd.api.Roots;
import io.btd.membership.Membership;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Which part of the roots a name or a slot belongs to: the same for every client, for ever; wire.md says it.
final class RootParts {
    private RootParts() {}

    /// The part of a name.
    ///
    /// @throws InvalidRoot for an empty or overlong name
    static int of(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < 1 || bytes.length > Roots.MAX_NAME) {
            throw new InvalidRoot(
                    "root name refused: bytes=" + bytes.length, "use 1 to " + Roots.MAX_NAME + " bytes of UTF-8");
        }
        CRC32C hash = new CRC32C();
        hash.update(bytes);
        return (int) (hash.getValue() % Membership.ROOT_PARTS);
    }

    /// The part of a slot.
    ///
    /// @throws InvalidRoot for a number out of range
    static int of(int slot) {
        if (slot < 0 || slot >= Roots.SLOTS) {
            throw new InvalidRoot("no such root slot: slot=" + slot, "use 0.." + (Roots.SLOTS - 1));
        }
        return slot % Membership.ROOT_PARTS;
    }
}
