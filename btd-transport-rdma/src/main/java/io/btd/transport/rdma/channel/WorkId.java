// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.channel;

/// What a completion says of itself, also where it failed: whose it is, and what was to be done.
///
/// ```
/// connection:32 | sent:1 | unused:15 | which:16
/// ```
///
/// *Which* is the place of a message that arrived, or how many messages have left with this one.
final class WorkId {
    private static final long SENT = 1L << 31;

    private WorkId() {}

    static long received(int connection, int place) {
        return (long) connection << 32 | place;
    }

    static long sent(int connection, int messages) {
        return (long) connection << 32 | SENT | messages;
    }

    static int connection(long id) {
        return (int) (id >>> 32);
    }

    static boolean isSent(long id) {
        return (id & SENT) != 0;
    }

    static int which(long id) {
        return (int) id & 0xffff;
    }
}
