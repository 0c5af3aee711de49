// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.emulator.Seed;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
    private static final FaultPlan.Shape SHAPE = new FaultPlan.Shape(3, 4, 100, 12);

    @Test
    void aSeedGivesTheSamePlanEveryTime() {
        long seed = Seed.ofTest("FaultPlanTest");
        FaultPlan plan = FaultPlan.of(seed, SHAPE);
        assertThat(FaultPlan.of(seed, SHAPE)).isEqualTo(plan).hasToString(plan.toString());
        assertThat(plan.toString())
                .startsWith("seed=" + seed + ",")
                .hasLineCount(1 + plan.steps().size());
    }

    @Test
    void otherSeedsGiveOtherPlans() {
        Set<FaultPlan> plans = LongStream.range(0, 200)
                .mapToObj(seed -> FaultPlan.of(seed, SHAPE))
                .collect(Collectors.toSet());
        assertThat(plans).hasSize(200);
    }

    @Test
    void twoHundredPlansHoldEveryFault() {
        Set<Class<?>> seen = LongStream.range(0, 200)
                .mapToObj(seed -> FaultPlan.of(seed, SHAPE))
                .flatMap(plan -> plan.steps().stream())
                .map(step -> step.fault().getClass())
                .collect(Collectors.toSet());
        assertThat(seen).containsExactlyInAnyOrder(Fault.class.getPermittedSubclasses());
    }

    @Test
    void whatIsBrokenIsMendedLaterAndStepsAreInOrder() {
        for (long seed = 0; seed < 200; seed++) {
            List<FaultPlan.Step> steps = FaultPlan.of(seed, SHAPE).steps();
            assertThat(steps).isSortedAccordingTo(Comparator.comparingInt(FaultPlan.Step::call));
            for (FaultPlan.Step step : steps) {
                if (step.fault() instanceof Fault.Kill(int node)) {
                    assertThat(steps)
                            .anyMatch(later ->
                                    later.call() > step.call() && later.fault().equals(new Fault.Restart(node)));
                }
            }
        }
    }
}
