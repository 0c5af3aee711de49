// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.report;

import io.btd.benchmarks.load.Case;
import io.btd.benchmarks.load.Operation;
import io.btd.benchmarks.load.Outcome;
import io.btd.benchmarks.load.Round;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// btd against a peer that does the same over the same link in a shape of the same kind, or against an echo.
/// Both are compared within each round, and the median of the rounds is taken, so that a round in which the machine
/// did something else counts once.
///
/// @param median50 p50 of btd over p50 of the peer; less is better
/// @param throughput operations per second of btd over those of the peer; more is better
public record Ratio(Case btd, Case peer, Spread median50, Spread throughput) {

    /// All ratios there are between usable outcomes, in their order.
    public static List<Ratio> all(List<Outcome> outcomes) {
        List<Ratio> ratios = new ArrayList<>();
        for (Outcome btd : outcomes) {
            for (Outcome peer : outcomes) {
                if (!btd.what().isPeer() && btd.usable() && peer.usable() && comparable(btd.what(), peer.what())) {
                    ratios.add(of(btd, peer));
                }
            }
        }
        return List.copyOf(ratios);
    }

    private static boolean comparable(Case btd, Case peer) {
        return peer.isPeer()
                && (peer.operation() == btd.operation() || peer.operation() == Operation.ECHO)
                && peer.link() == btd.link()
                && peer.shape().kind() == btd.shape().kind();
    }

    private static Ratio of(Outcome btd, Outcome peer) {
        return new Ratio(
                btd.what(),
                peer.what(),
                byRound(btd, peer, round -> round.latencies().getValueAtPercentile(50)),
                byRound(btd, peer, Round::perSecond));
    }

    private static Spread byRound(Outcome btd, Outcome peer, ToDoubleFunction<Round> figure) {
        return Spread.of(IntStream.range(0, btd.rounds().size())
                .mapToDouble(round -> figure.applyAsDouble(btd.rounds().get(round))
                        / figure.applyAsDouble(peer.rounds().get(round)))
                .toArray());
    }
}
