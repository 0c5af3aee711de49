// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

/// Where a call would like its block to be.
///
/// @param wish what it asks for
/// @param node which node, 0 where none is meant
record Hint(Wish wish, int node) {
    /// The caller's own host, else where there is room.
    static final Hint ANYWHERE = new Hint(Wish.ANYWHERE, 0);

    /// All nodes in turn.
    static final Hint SPREAD = new Hint(Wish.SPREAD, 0);

    /// What a hint asks for.
    enum Wish {
        /// The caller's own host, else where there is room.
        ANYWHERE,
        /// This node, elsewhere when it is full.
        NEAR,
        /// This node and no other.
        ON,
        /// All nodes in turn.
        SPREAD
    }
}
