// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import java.util.List;

/// Where reachability begins: a directory of named blocks without a bound, and a few numbered slots that
/// can be set once. Thread-safe. Every change is failure-atomic and persistent on return.
///
/// Names are 1 to 1024 bytes of UTF-8; slots are 0..[#SLOTS]-1.
public interface Roots {

    /// How many set-once slots an arena has.
    int SLOTS = 64;

    /// The longest name, in bytes of UTF-8.
    int MAX_NAME = 1024;

    /// The block published under `name`, or 0.
    ///
    /// @throws BtdException.InvalidRoot for an empty or overlong name
    long get(String name);

    /// Publishes `block` under `name` and returns the block that was there before, or 0. The earlier block
    /// is unlinked, not freed.
    ///
    /// @throws BtdException.InvalidPointer when `block` is not a live block
    /// @throws BtdException.InvalidRoot for an empty or overlong name
    /// @throws BtdException.Full when the directory cannot grow
    long put(String name, long block);

    /// Publishes `block` under `name` unless something is there; returns what was there, or 0.
    ///
    /// @throws BtdException.InvalidPointer when `block` is not a live block
    /// @throws BtdException.InvalidRoot for an empty or overlong name
    /// @throws BtdException.Full when the directory cannot grow
    long putIfAbsent(String name, long block);

    /// Removes `name` if it leads to `expected`; says whether it did. The block is unlinked, not freed.
    ///
    /// @throws BtdException.InvalidRoot for an empty or overlong name
    boolean remove(String name, long expected);

    /// Every name, sorted by its UTF-8 bytes; a snapshot.
    List<String> names();

    /// The block in a numbered slot, or 0.
    ///
    /// @throws BtdException.InvalidRoot for a number out of range
    long slot(int number);

    /// Puts `block` into an empty slot; returns the block that is in the slot afterwards, persistently:
    /// `block` for the winner, the winner's block for everybody else.
    ///
    /// @throws BtdException.InvalidPointer when `block` is not a live block
    /// @throws BtdException.InvalidRoot for a number out of range
    long setSlotOnce(int number, long block);
}
