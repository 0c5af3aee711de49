// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import io.btd.api.wire.Control;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What the client knows of its session on the node: its number there, the node's life, what it holds; and what
/// becomes of all that, and of the requests on their way, when a connection opens or the session is lost. The
/// session's lock guards it; [#number] and [#available] may be asked without.
final class Life {
    private final Pending pending;
    private final Sender sender;
    private final Holdings holdings;
    private final LostBlocks lost;
    private final HoldingRules rules;

    private volatile long number;
    private volatile long available;
    private long incarnation;

    Life(Pending pending, Sender sender, Holdings holdings, LostBlocks lost, HoldingRules rules) {
        this.pending = pending;
        this.sender = sender;
        this.holdings = holdings;
        this.lost = lost;
        this.rules = rules;
    }

    /// The session's number on the node, 0 while there is none.
    long number() {
        return number;
    }

    /// Bytes that were free when the node said so last; negative while it has not.
    long available() {
        return number == 0 ? -1 : available;
    }

    /// How many blocks are held.
    int held() {
        return holdings.count();
    }

    // --- connections

    /// A connection is open: the session goes on, or begins anew where the node knows less of it than the client.
    ///
    /// @return the requests of which nobody will know what became
    List<Exchange<?>> welcomed(Control.Welcome welcome) {
        List<Exchange<?>> unknown = List.of();
        available = welcome.available();
        if (welcome.session() == number && welcome.incarnation() == incarnation) {
            pending.forgetUnwanted(welcome.declare());
            pending.sent().resume(welcome.nextRequestId(), welcome.window());
        } else {
            if (welcome.session() != number) {
                holdings.loseAll(lost::add);
            }
            unknown = end();
            pending.sent().restart(welcome.nextRequestId(), welcome.window());
        }
        number = welcome.session();
        incarnation = welcome.incarnation();
        return unknown;
    }

    /// The node does not know the session any more.
    ///
    /// @return the requests of which nobody will know what became
    List<Exchange<?>> lapsed() {
        number = 0;
        holdings.loseAll(lost::add);
        List<Exchange<?>> unknown = end();
        pending.sent().restart(1, 1); // until the next WELCOME says more
        return unknown;
    }

    private List<Exchange<?>> end() {
        holdings.settleLeaving();
        return pending.endLife();
    }

    /// Says what is held, before anything else.
    void declare() {
        long[] held = holdings.declared();
        int from = 0;
        do {
            int to = Math.min(held.length, from + Request.MAX_POINTERS);
            pending.urge(new Request.Declare(Arrays.copyOfRange(held, from, to), to == held.length));
            from = to;
        } while (from < held.length);
    }

    // --- what is learned

    /// A request was answered.
    ///
    /// @param wanted whether its caller learns of it; blocks that nobody learns of are freed
    void answered(Request request, Response response, boolean wanted) {
        rules.answered(request, response, wanted);
        if (!wanted) {
            freeOrphans(request, response);
        }
        switch (response) {
            case Response.Load load -> available = load.available();
            case Response.Done _ when request instanceof Request.Close -> number = 0;
            case Response.Pointers _ when request instanceof Request.Declare declare && declare.last() -> sender.open();
            default -> {
                // changes nothing here
            }
        }
    }

    private void freeOrphans(Request request, Response response) {
        List<Long> orphans = new ArrayList<>();
        HoldingRules.orphans(request, response, orphans::add);
        orphans.forEach(holdings::remove);
        if (!orphans.isEmpty()) {
            pending.urge(
                    new Request.Free(orphans.stream().mapToLong(Long::longValue).toArray()));
        }
    }

    /// Others freed blocks that are held here: they are not any more, and the node learns that this is known.
    void noticed(long[] blocks) {
        for (int at = 0; at < blocks.length; at += Request.MAX_POINTERS) {
            long[] some = Arrays.copyOfRange(blocks, at, Math.min(blocks.length, at + Request.MAX_POINTERS));
            for (long block : some) {
                holdings.remove(block);
            }
            pending.urge(new Request.Released(some));
        }
    }

    /// A block of this node was published by a call that another node answered.
    void published(long block) {
        holdings.remove(block);
    }
}
