// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.emulator.net.proxy.Direction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// What is broken and when. The same seed and shape give the same plan, and the same choices of every client.
///
/// @param seed of everything
/// @param shape of the run
/// @param steps in the order in which they happen
public record FaultPlan(long seed, Shape shape, List<Step> steps) {

    /// How large a run is.
    ///
    /// @param nodes 1 or more
    /// @param clients 1 or more
    /// @param calls that each client makes
    /// @param faults things that are broken, their mending not counted
    /// @param lead calls that the clients may begin while one fault is injected; then they wait for it. Where a
    ///     node takes a second to start they would otherwise have made all their calls before the next fault
    public record Shape(int nodes, int clients, int calls, int faults, int lead) {
        /// Where faults take no time worth waiting for.
        public Shape(int nodes, int clients, int calls, int faults) {
            this(nodes, clients, calls, faults, clients * calls);
        }

        int allCalls() {
            return clients * calls;
        }
    }

    /// A fault, and the moment: when the clients have begun so many calls.
    public record Step(int call, Fault fault) {
        @Override
        public String toString() {
            return "%5d  %s".formatted(call, fault);
        }
    }

    /// Copies the list.
    public FaultPlan {
        steps = List.copyOf(steps);
    }

    /// The plan of a seed.
    public static FaultPlan of(long seed, Shape shape) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Step> steps = new ArrayList<>();
        int patience = Math.max(2, shape.allCalls() / 8);
        for (int i = 0; i < shape.faults(); i++) {
            int at = random.nextInt(shape.allCalls());
            int until = at + 1 + random.nextInt(patience);
            breakSomething(random, shape, at, until, steps);
        }
        steps.sort(Comparator.comparingInt(Step::call));
        return new FaultPlan(seed, shape, steps);
    }

    private static void breakSomething(SplittableRandom random, Shape shape, int at, int until, List<Step> steps) {
        int node = random.nextInt(shape.nodes());
        int client = random.nextInt(shape.clients());
        Direction direction = random.nextBoolean() ? Direction.TO_SERVER : Direction.TO_CLIENT;
        int bytes = random.nextInt(1, 600);
        boolean coin = random.nextInt(4) == 0;
        Fault mend = new Fault.Rejoin(client, node, false);
        switch (random.nextInt(12)) {
            case 0, 1 -> pair(steps, at, new Fault.Kill(node), until, new Fault.Restart(node));
            case 2 -> pair(steps, at, new Fault.Freeze(node), until, new Fault.Thaw(node, coin));
            case 3 ->
                pair(steps, at, new Fault.CutOff(client, node, direction), until, new Fault.Rejoin(client, node, coin));
            case 4 -> steps.add(new Step(at, new Fault.Reset(client, node)));
            case 5, 6 -> steps.add(new Step(at, new Fault.Cut(client, node, direction, bytes, coin)));
            case 7 -> steps.add(new Step(at, new Fault.Flip(client, node, direction, bytes, random.nextInt(8))));
            case 8 -> pair(steps, at, new Fault.Throttle(client, node, direction, 2_000 + 10 * bytes), until, mend);
            case 9 -> pair(steps, at, new Fault.Delay(client, node, direction, 1 + bytes / 50), until, mend);
            case 10 -> pair(steps, at, new Fault.ShutDoor(node, coin), until, new Fault.OpenDoor(node));
            default -> {
                if (random.nextBoolean()) {
                    pair(steps, at, new Fault.RegistryDown(), until, new Fault.RegistryUp());
                } else {
                    pair(steps, at, new Fault.Fill(node), until, new Fault.Drain(node));
                }
            }
        }
    }

    private static void pair(List<Step> steps, int at, Fault fault, int until, Fault end) {
        steps.add(new Step(at, fault));
        steps.add(new Step(until, end));
    }

    /// The same with fewer or other steps.
    public FaultPlan withSteps(List<Step> other) {
        return new FaultPlan(seed, shape, other);
    }

    /// The seed, then a line per step.
    @Override
    public String toString() {
        return "seed=%d, %s%n".formatted(seed, shape)
                + steps.stream().map(Step::toString).collect(Collectors.joining("\n"));
    }
}
