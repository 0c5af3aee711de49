// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

/// How far the pointers in a heap reach, and how long its blocks are held.
public enum Reach {
    /// To blocks of this arena only. What nothing refers to is held by the process, and vanishes with it.
    ARENA,
    /// To blocks of other nodes as well, once those were exported there. What nothing refers to is held by a session,
    /// which may declare it after a crash of the node.
    CLUSTER
}
