// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

import io.btd.api.GlobalPointer;

/// What a history keeps calls of.
///
/// @param kind what it is
/// @param name which one: the name of a root, or a pointer as it is printed
public record Register(Kind kind, String name) {

    /// What a register is.
    public enum Kind {
        /// An aligned word in a block.
        WORD,
        /// A name in the directory of roots.
        ROOT,
        /// Whether a block begins at an address: 1 or 0.
        BLOCK,
        /// The tag in every word of the block at an address.
        CONTENT
    }

    static Register word(long address) {
        return new Register(Kind.WORD, GlobalPointer.toString(address));
    }

    static Register root(String name) {
        return new Register(Kind.ROOT, name);
    }

    static Register block(long address) {
        return new Register(Kind.BLOCK, GlobalPointer.toString(address));
    }

    static Register content(long address) {
        return new Register(Kind.CONTENT, GlobalPointer.toString(address));
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }
}
