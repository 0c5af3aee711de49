// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

/// What a write asks for and what its completion says it got. Ordered: a later constant includes the
/// earlier ones.
public enum Durability {
    /// Other threads and clients see it; a crash may lose it.
    VISIBLE,
    /// It survives what the arena's [PersistenceDomain] survives.
    PERSISTENT
}
