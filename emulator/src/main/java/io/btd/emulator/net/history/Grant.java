// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

/// An extent that a client was given.
///
/// @param address of its first byte
/// @param size in bytes, as it was asked for
/// @param call that granted it
record Grant(long address, long size, Call call) {

    /// Whether it has bytes in common with `other`.
    boolean touches(Grant other) {
        return address < other.address + other.size && other.address < address + size;
    }
}
