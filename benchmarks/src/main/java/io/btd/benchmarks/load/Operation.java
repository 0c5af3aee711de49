// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

/// What is measured. Every operation but [#ECHO] has its own panel and its own part of the table; the echo is
/// the floor under all of them: what a round trip of 64 bytes costs that does nothing.
public enum Operation {
    /// 64 bytes come back.
    READ("64 B read"),
    /// 64 bytes are stored.
    MEMCPY("64 B memcpy"),
    /// A block of 64 bytes is allocated and freed: two round trips.
    PAIR("malloc+free of 64 B"),
    /// A word is compared and replaced.
    CAS("compareAndSet"),
    /// 64 bytes go and come back, and nothing else happens.
    ECHO("64 B echo");

    private final String title;

    Operation(String title) {
        this.title = title;
    }

    /// For readers.
    public String title() {
        return title;
    }
}
