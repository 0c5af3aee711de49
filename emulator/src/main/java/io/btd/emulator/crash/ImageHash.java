// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

/// A hash of memory images that follows single words: the sum of a hash per word, zeros counting nothing.
public final class ImageHash {
    private ImageHash() {}

    static long of(int word, long value) {
        return value == 0 ? 0 : mix(value + mix(word + 0x9e3779b97f4a7c15L));
    }

    static long of(long[] image) {
        long hash = 0;
        for (int word = 0; word < image.length; word++) {
            if (image[word] != 0) {
                hash += of(word, image[word]);
            }
        }
        return hash;
    }

    /// Scatters the bits of `x`; a bijection.
    public static long mix(long x) {
        long y = (x ^ x >>> 30) * 0xbf58476d1ce4e5b9L;
        y = (y ^ y >>> 27) * 0x94d049bb133111ebL;
        return y ^ y >>> 31;
    }
}
