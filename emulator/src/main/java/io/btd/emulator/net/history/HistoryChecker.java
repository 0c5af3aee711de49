// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

import io.btd.api.GlobalPointer;
import io.btd.emulator.net.history.Linearizability.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Decides whether a correct cluster can have shown clients what they saw: no two live extents overlap, nothing
/// acknowledged is lost, nothing is freed twice, and every word and name is linearizable. Has no state.
public final class HistoryChecker {
    /// Configurations looked at per register before the search is given up.
    private static final int LIMIT = 1_000_000;

    /// How many calls before the one that cannot be explained are shown.
    private static final int SHOWN = 12;

    /// How much is shown of what was done with a block.
    private static final int LINES = 40;

    private HistoryChecker() {}

    /// Everything that is wrong with a history, in no order that matters; empty for a good one.
    public static List<Finding> check(History history) {
        List<Finding> findings = new ArrayList<>(history.findings());
        Map<Register, List<Call>> registers = history.registers();
        registers.forEach((register, calls) -> check(history, register, calls, findings));
        overlaps(history.grants(), registers, findings);
        return findings;
    }

    private static void check(History history, Register register, List<Call> calls, List<Finding> findings) {
        switch (Linearizability.check(calls, 0, LIMIT)) {
            case LINEARIZABLE -> {}
            case UNDECIDED ->
                findings.add(new Finding(
                        Finding.Kind.UNDECIDED,
                        "too many calls at once: register=" + register + ", calls=" + calls.size()));
            case VIOLATED ->
                findings.add(new Finding(
                        Finding.Kind.NOT_LINEARIZABLE,
                        "no order explains " + register + story(calls) + aboutBlock(history, register)));
        }
    }

    /// A block's register says little without what was done with its pointer.
    private static String aboutBlock(History history, Register register) {
        return register.kind() == Register.Kind.BLOCK
                ? "\n  all that was done with it:\n    "
                        + history.storyOf(register.name()).stream().limit(LINES).collect(Collectors.joining("\n    "))
                : "";
    }

    /// The last calls up to the first whose answer cannot be explained.
    private static String story(List<Call> calls) {
        List<Call> byEnd = calls.stream()
                .filter(Call::answered)
                .sorted(Comparator.comparingLong(Call::ended))
                .toList();
        int low = 1;
        int high = byEnd.size();
        // What was shown up to a moment can be explained if what was shown up to a later one can.
        while (low < high) {
            int middle = (low + high) / 2;
            if (Linearizability.check(until(calls, byEnd.get(middle - 1).ended()), 0, LIMIT) == Verdict.VIOLATED) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        List<Call> shown = new ArrayList<>(until(calls, byEnd.get(low - 1).ended()));
        shown.sort(Comparator.comparingLong(Call::began));
        StringBuilder story = new StringBuilder();
        shown.stream()
                .skip(Math.max(0, shown.size() - SHOWN))
                .forEach(call -> story.append("\n  ").append(call));
        return story.append("\n  not explained: ").append(byEnd.get(low - 1)).toString();
    }

    /// The history as it was known at a moment.
    private static List<Call> until(List<Call> calls, long moment) {
        List<Call> known = new ArrayList<>();
        for (Call call : calls) {
            if (call.ended() <= moment) {
                known.add(call);
            } else if (call.began() < moment && !(call.effect() instanceof Effect.Read)) {
                known.add(new Call(
                        call.client(), call.began(), Call.NEVER, call.effect().unanswered()));
            }
        }
        return known;
    }

    /// Extents that begin elsewhere; those with the same address are the business of its register.
    private static void overlaps(List<Grant> grants, Map<Register, List<Call>> registers, List<Finding> findings) {
        List<Grant> byAddress = new ArrayList<>(grants);
        byAddress.sort((a, b) -> Long.compareUnsigned(a.address(), b.address()));
        long longest = grants.stream().mapToLong(Grant::size).max().orElse(0);
        for (int i = 0; i < byAddress.size(); i++) {
            Grant one = byAddress.get(i);
            for (int j = i + 1; j < byAddress.size() && byAddress.get(j).address() - one.address() < longest; j++) {
                Grant other = byAddress.get(j);
                if (one.address() != other.address() && one.touches(other) && together(one, other, registers)) {
                    findings.add(new Finding(
                            Finding.Kind.OVERLAP,
                            "live extents overlap: %s, %d bytes, %s and %s, %d bytes, %s"
                                    .formatted(
                                            GlobalPointer.toString(one.address()),
                                            one.size(),
                                            one.call(),
                                            GlobalPointer.toString(other.address()),
                                            other.size(),
                                            other.call())));
                }
            }
        }
    }

    /// Whether there was a moment at which both were certainly live.
    private static boolean together(Grant one, Grant other, Map<Register, List<Call>> registers) {
        long from = Math.max(one.call().ended(), other.call().ended());
        return from < liveUntil(one, registers) && from < liveUntil(other, registers);
    }

    /// The beginning of the first call that may have freed it.
    private static long liveUntil(Grant grant, Map<Register, List<Call>> registers) {
        return registers.getOrDefault(Register.block(grant.address()), List.of()).stream()
                .filter(call -> call.began() >= grant.call().began())
                .filter(call -> call.effect() instanceof Effect.CompareAndSet free
                        && free.expected() == 1
                        && !Boolean.FALSE.equals(free.done()))
                .mapToLong(Call::began)
                .min()
                .orElse(Call.NEVER);
    }
}
