// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import java.util.SplittableRandom;

/// One operation of a thread in a race. What a thread allocated or was handed is in its hands, the newest first; an
/// operation that lacks what it needs does nothing.
///
/// @param argument a variant or a place, 0 or more
record RaceStep(Kind kind, int argument) {

    /// What a thread can do. The comment says what the argument chooses.
    enum Kind {
        /// `malloc` and content: one of four sizes and kinds.
        MALLOC("malloc", 4, 6),
        /// `free` of the newest in hand.
        FREE("free", 1, 3),
        /// As many `malloc` as use up a superblock: of which size.
        BURST("burst", 2, 2),
        /// `free` of everything in hand.
        DROP("drop", 1, 2),
        /// Puts the newest in hand where any thread can take it.
        GIVE("give", 1, 3),
        /// Takes what was given first.
        TAKE("take", 1, 3),
        /// `getAndSet` of a shared word to the newest in hand: the word.
        SWAP("swap", 2, 4),
        /// `publish` in a word that only this thread changes.
        LINK("link", 1, 3),
        /// `compareAndSet` of a shared word from what it holds to the newest in hand: the word.
        CAS("cas", 2, 3),
        /// `unlinkAndFree` of what a shared word holds, by null or by the newest in hand: the word, twice.
        UNLINK("unlink", 4, 5),
        /// `roots().put` of the newest in hand: the name.
        PUT("put", 2, 3),
        /// `roots().remove` of what a name leads to: the name.
        REMOVE("remove", 2, 3),
        /// `setSlotOnce` of the newest in hand.
        ONCE("once", 1, 1),
        /// `memcpy` into a block that everybody copies into.
        COPY("copy", 1, 2),
        /// `free` of one and the same block by everybody.
        DOUBLE("double", 1, 2);

        private final String text;
        private final int variants;
        private final int weight;

        Kind(String text, int variants, int weight) {
            this.text = text;
            this.variants = variants;
            this.weight = weight;
        }
    }

    static RaceStep parse(String text) {
        String[] parts = text.split(":", 2);
        for (Kind kind : Kind.values()) {
            if (kind.text.equals(parts[0])) {
                return new RaceStep(kind, parts.length == 1 ? 0 : Integer.parseUnsignedInt(parts[1]) % kind.variants);
            }
        }
        throw new IllegalArgumentException("unknown operation of a race: text=" + text);
    }

    static RaceStep random(SplittableRandom random) {
        int total = 0;
        for (Kind kind : Kind.values()) {
            total += kind.weight;
        }
        int at = random.nextInt(total);
        for (Kind kind : Kind.values()) {
            at -= kind.weight;
            if (at < 0) {
                return new RaceStep(kind, random.nextInt(kind.variants));
            }
        }
        throw new IllegalStateException("weights do not add up: total=" + total);
    }

    @Override
    public String toString() {
        return kind.text + (argument == 0 ? "" : ":" + argument);
    }
}
