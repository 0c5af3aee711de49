// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Closed;
import io.btd.api.BtdException.Deadline;
import io.btd.api.BtdException.NodeDown;
import io.btd.api.BtdException.OutcomeUnknown;
import io.btd.api.BtdException.Protocol;
import io.btd.api.BtdException.Unauthenticated;
import org.jspecify.annotations.Nullable;

/// What a call comes to when there is no answer.
final class Troubles {
    private Troubles() {}

    /// Its time is up.
    ///
    /// @param connected whether there is a session to the node just now
    /// @param last what went wrong with the node last, if anything did
    static BtdException late(int node, Exchange<?> exchange, boolean connected, @Nullable BtdException last) {
        String what = ": node=" + node + ", call=" + exchange.request().type();
        if (exchange.sent() && exchange.request().mutates()) {
            return new OutcomeUnknown(
                    node, "no answer within the deadline" + what, "look whether it took effect, then decide");
        }
        if (!connected && last != null) {
            return down(node, exchange, last);
        }
        return new Deadline(node, "no answer within the deadline" + what, "try again, or allow more time");
    }

    /// The node cannot be reached, and the call was not sent.
    static BtdException down(int node, Exchange<?> exchange, BtdException last) {
        return switch (last) {
            case Unauthenticated refused -> new Unauthenticated(node, what(refused), refused.hint());
            case Protocol refused -> new Protocol(node, what(refused), refused.hint());
            default ->
                new NodeDown(
                        node,
                        "node cannot be reached: node=" + node + ", call="
                                + exchange.request().type() + ", reason=" + what(last),
                        "try again when it is back");
        };
    }

    /// It was sent to an earlier life of the node, or in a session that has ended.
    static BtdException unknown(int node, Exchange<?> exchange) {
        return new OutcomeUnknown(
                node,
                "node or session ended before the answer: node=" + node + ", call="
                        + exchange.request().type(),
                "look whether it took effect, then decide");
    }

    /// The client was closed.
    static BtdException closed() {
        return new Closed("cluster is closed");
    }

    /// What an error says without its hint, to be said in another.
    private static String what(BtdException error) {
        String message = String.valueOf(error.getMessage());
        String hint = "; " + error.hint();
        return message.endsWith(hint) ? message.substring(0, message.length() - hint.length()) : message;
    }
}
