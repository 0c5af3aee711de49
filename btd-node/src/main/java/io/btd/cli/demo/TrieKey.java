// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import java.util.Arrays;

/// A key of a [HashTrie] and the endless row of 4-bit digits that leads to it: 16 digits of the hash, 8 of
/// the length, then the bytes themselves. Two different keys differ in some digit, so equal hashes cost
/// depth, never correctness. The hash is part of the persistent format.
final class TrieKey {
    private static final int HASH_DIGITS = 16;
    private static final int LENGTH_DIGITS = 8;

    private final byte[] bytes;
    private final long hash;

    /// A key with a hash of any quality.
    ///
    /// @param bytes the key; not to be changed any more
    TrieKey(byte[] bytes, long hash) {
        this.bytes = bytes;
        this.hash = hash | 1;
    }

    /// The key with its hash: 64-bit FNV-1a, finished with the mixer of MurmurHash3.
    static TrieKey of(byte[] bytes) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return new TrieKey(bytes, hash ^ (hash >>> 33));
    }

    /// The key itself; not to be changed.
    byte[] bytes() {
        return bytes;
    }

    /// Its hash: odd, which tells a leaf from a branch.
    long hash() {
        return hash;
    }

    /// The digit that chooses the child of a branch at `level`.
    int digit(int level) {
        if (level < HASH_DIGITS) {
            return (int) (hash >>> (60 - 4 * level)) & 0xf;
        }
        int rest = level - HASH_DIGITS;
        if (rest < LENGTH_DIGITS) {
            return (bytes.length >>> (28 - 4 * rest)) & 0xf;
        }
        rest -= LENGTH_DIGITS;
        return (bytes[rest / 2] >>> (rest % 2 == 0 ? 4 : 0)) & 0xf;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrieKey key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }
}
