// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

/// How calls are made.
///
/// @param connections at once
/// @param threads that call at once; connections are shared out among them
/// @param depth operations of one thread on their way at once
/// @param sliding whether an operation follows as soon as some have ended (`async()`); otherwise `depth` of them are
///     sent, and all awaited (`batch()`)
public record Shape(int connections, int threads, int depth, boolean sliding) {

    /// One thread that waits for each call.
    public static final Shape ALONE = new Shape(1, 1, 1, false);

    /// As many threads as connections, each waiting for each call.
    public static Shape connections(int connections) {
        return new Shape(connections, connections, 1, false);
    }

    /// Many threads on one connection, each waiting for each call.
    public static Shape threads(int threads) {
        return new Shape(1, threads, 1, false);
    }

    /// One thread that sends `depth` operations and waits for all of them.
    public static Shape batch(int depth) {
        return new Shape(1, 1, depth, false);
    }

    /// One thread that keeps up to `depth` operations on their way.
    public static Shape window(int depth) {
        return new Shape(1, 1, depth, true);
    }

    /// Of one kind: a caller who waits, many of them, or one who does not wait. Ratios compare within a kind.
    public Kind kind() {
        return depth > 1 ? Kind.PIPELINED : threads > 1 ? Kind.MANY : Kind.ALONE;
    }

    /// For a table.
    public String label() {
        return switch (kind()) {
            case ALONE -> "1 connection";
            case MANY -> connections > 1 ? connections + " connections" : threads + " threads";
            case PIPELINED -> (sliding ? "window " : "batch ") + depth;
        };
    }

    /// What shapes have in common that may be compared.
    public enum Kind {
        /// One caller who waits.
        ALONE,
        /// Many callers who wait.
        MANY,
        /// One caller who does not wait.
        PIPELINED
    }
}
