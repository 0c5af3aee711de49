// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

/// What the collector looks for in a block. Chosen at malloc and held for the block's life.
public enum ScanKind {
    /// No pointers: the collector does not look inside.
    OPAQUE,
    /// Every aligned 8-byte word that names a live block of this cluster counts as a reference
    /// (conservative). The safe default.
    POINTERS,
    /// A registered [Layout] lists where the pointers are (precise).
    TYPED
}
