// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.kill;

import java.util.SplittableRandom;

/// What one thread owns: places on a block of pointers, and names. Each holds a block, known by its number, or nothing.
/// The
/// next operation follows from the state and the seed. Not thread-safe.
final class Shelf {
    static final int PLACES = 24;
    static final int NAMES = 3;

    /// The number of the block in each place; 0 for none. Names lie behind the shelf's places.
    final long[] numbers;

    private final SplittableRandom random;
    private long last;

    /// A shelf as it is, and what is to be done with it from here on.
    Shelf(long[] numbers, long seed) {
        this.numbers = numbers.clone();
        random = new SplittableRandom(seed);
        last = (seed & 0xffff_ffffL) << 24; // no two lives give a block the same number
    }

    static Shelf empty() {
        return new Shelf(new long[PLACES + NAMES], 0);
    }

    /// What is done.
    enum Operation {
        /// malloc, write, publish into an empty place or under a free name.
        PUBLISH,
        /// Another block for that in the place: `unlinkAndFree`; under a name `put`, then `free`.
        REPLACE,
        /// A place is cleared, or a name removed; another thread frees the block.
        UNLINK,
        /// The content changes in place, failure-atomically.
        REWRITE
    }

    /// One operation.
    ///
    /// @param place which place; from [#PLACES] on a name
    /// @param number what the place holds afterwards, 0 for nothing
    record Deed(Operation operation, int place, long number) {
        boolean named() {
            return place >= PLACES;
        }
    }

    /// Decides what is next, and does it to [#numbers].
    Deed next() {
        int place = random.nextInt(numbers.length);
        int choice = random.nextInt(8);
        Operation operation = numbers[place] == 0
                ? Operation.PUBLISH
                : choice < 3 ? Operation.REPLACE : choice < 6 ? Operation.UNLINK : Operation.REWRITE;
        long number = operation == Operation.UNLINK ? 0 : ++last;
        numbers[place] = number;
        return new Deed(operation, place, number);
    }

    /// How long the content of a block is, in bytes: from one word to several pages. What is rewritten stays as long.
    static int bytes(int place) {
        return switch (place % 6) {
            case 0 -> 8;
            case 1 -> 48;
            case 2 -> 200;
            case 3 -> 1_000;
            case 4 -> 6_000;
            default -> 40_000;
        };
    }

    /// The content of a block: its number in the first word, and words that follow from it.
    static long[] content(int place, long number) {
        long[] words = new long[bytes(place) / 8];
        for (int i = 0; i < words.length; i++) {
            words[i] = number * 0x9e3779b97f4a7c15L + i;
        }
        words[0] = number;
        return words;
    }
}
