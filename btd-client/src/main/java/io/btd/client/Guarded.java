// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/// The state of one session, and the lock that guards it.
///
/// ```
/// Pending   requests without an answer: to be sent, on their way, put off
/// Sender    what may be sent when, on which connection
/// Life      the session on the node: its number, what it holds, what a new connection means for it
/// ```
///
/// Callers and alarms come to it through [Session], connections through [Conversation]; nobody else takes the lock.
/// What holds for both:
///
/// - The lock guards the three and what they share ([Outstanding], [Holdings], [HoldingRules]), but for what they
///   say may be asked without it. What was asked without it is asked again under it before anything is done.
/// - Nothing that waits, and nothing of the caller's but the bytes to be sent, is touched under it: exchanges are
///   *claimed* under it, and settled after it was released.
/// - Who adds to what is to be sent, or makes room for it, calls [Sender#drain] before releasing it: nobody else
///   looks. But what a busy node refused is woken, and drained, by an alarm.
/// - It comes before every other lock: [Connector] and [Heartbeat] may be called under it, and hold none of their own
///   when they call the session.
final class Guarded {
    private static final int LOOKS = 50;

    private final ReentrantLock lock = new ReentrantLock();
    private final Pending pending = new Pending();
    private final Sender sender;
    private final Life life;

    /// The state of a session that has not begun.
    ///
    /// @param unsendable told, under the lock, of a call that turned out to be unsendable when its turn came
    Guarded(int node, Time time, BiConsumer<Exchange<?>, RuntimeException> unsendable) {
        Holdings holdings = new Holdings();
        LostBlocks lost = new LostBlocks();
        HoldingRules rules = new HoldingRules(node, holdings, lost);
        sender = new Sender(node, time, pending, rules, lost, unsendable);
        life = new Life(pending, sender, holdings, lost, rules);
    }

    ReentrantLock lock() {
        return lock;
    }

    /// Takes the lock, where calls and answers meet in great numbers. It is held for about a microsecond, so looking
    /// again for as long is cheaper than to park, and for the other side to unpark.
    void enter() {
        for (int i = 0; i < LOOKS; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    Pending pending() {
        return pending;
    }

    Sender sender() {
        return sender;
    }

    Life life() {
        return life;
    }
}
