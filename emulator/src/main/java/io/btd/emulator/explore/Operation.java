// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import java.util.SplittableRandom;

/// What a script can do. The argument's remainder by `variants` chooses the variant, its quotient the
/// place; an operation that does not apply does nothing.
enum Operation {
    /// malloc of a block that fits a size class, and its content.
    SMALL("small", 9, 6),
    /// malloc of a block larger than any size class, or aligned.
    LARGE("large", 4, 2),
    /// malloc until the arena is full; nobody refers to the blocks.
    FILL("fill", 1, 1),
    /// `free` of everything [#FILL] took.
    DRAIN("drain", 1, 2),
    /// `free` of a block nobody refers to.
    FREE("free", 1, 3),
    /// `roots().put`.
    PUT("put", 4, 3),
    /// `roots().putIfAbsent`.
    PUT_NEW("putnew", 4, 1),
    /// `roots().remove`.
    REMOVE("remove", 4, 2),
    /// `roots().setSlotOnce`.
    ONCE("once", 2, 1),
    /// `putPointer` of a block nobody refers to.
    LINK("link", 1, 4),
    /// `putPointer` of null.
    UNLINK("unlink", 1, 2),
    /// `unlinkAndFree`, by null or by a block nobody refers to.
    REPLACE("replace", 2, 3),
    /// `memcpy` of bytes: a word, some, an odd range, many lines, more than a lane, a pointer.
    COPY("copy", 6, 4),
    /// `memcpy` from block to block, or within one.
    MOVE("move", 2, 2),
    /// `write` with PERSISTENT.
    WRITE("write", 2, 2),
    /// `compareAndSet`, of a number or of a pointer.
    CAS("cas", 2, 2),
    /// `getAndAdd`.
    ADD("add", 1, 1),
    /// `getAndSet`.
    SWAP("swap", 1, 1),
    /// `realloc` of a block nobody refers to.
    GROW("grow", 1, 1),
    /// A layout becomes known whose blocks find no room, and whose record leaves a sector to the next one by
    /// half; in scenarios only, for little else fits into the table then.
    LAYOUT("layout", 1, 0),
    /// A client opens a session with the node, and holds what is allocated from now on.
    SESSION("session", 1, 4, true),
    /// A session ends: what it holds and nobody refers to is freed.
    END("end", 1, 2, true),
    /// The block may be referred to from other nodes.
    EXPORT("export", 1, 1, true),
    /// The first half of `free`, of a block nobody refers to.
    LIMBO("limbo", 1, 2, true),
    /// The second half.
    HOME("home", 1, 2, true),
    /// After a crash, a session says that it holds a block.
    DECLARE("declare", 1, 4, true),
    /// What was not declared is given back.
    DECIDE("decide", 1, 2, true),
    /// `close`, then open.
    REOPEN("reopen", 1, 1),
    /// A crash somewhere in the operation before, then open.
    CRASH("crash", 1, 2);

    private final String text;
    private final int variants;
    private final int weight;
    private final boolean ofNodes;

    Operation(String text, int variants, int weight) {
        this(text, variants, weight, false);
    }

    Operation(String text, int variants, int weight, boolean ofNodes) {
        this.ofNodes = ofNodes;
        this.text = text;
        this.variants = variants;
        this.weight = weight;
    }

    private int weight(boolean node) {
        return ofNodes && !node ? 0 : weight;
    }

    String text() {
        return text;
    }

    int variants() {
        return variants;
    }

    /// Any; on a `node` also what only nodes do.
    static Operation random(SplittableRandom random, boolean node) {
        int total = 0;
        for (Operation operation : values()) {
            total += operation.weight(node);
        }
        int at = random.nextInt(total);
        for (Operation operation : values()) {
            at -= operation.weight(node);
            if (at < 0) {
                return operation;
            }
        }
        throw new IllegalStateException("weights do not add up: total=" + total);
    }
}
