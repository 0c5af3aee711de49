// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.wire.Request;
import io.btd.client.Exchange.Patience;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Ids, window and `acknowledged`, against a sorted map.
class OutstandingTest {
    private final SplittableRandom random = Seed.roll();

    private static Exchange<?> exchange() {
        return new Exchange<>(new Request.Ping(), 0, Exchange.NO_DEADLINE, Patience.WAITS, response -> response);
    }

    @Test
    void answersInAnyOrderMoveAcknowledgedToTheFirstThatIsOwed() {
        for (int round = 0; round < 200; round++) {
            Outstanding outstanding = new Outstanding();
            TreeMap<Long, Exchange<?>> model = new TreeMap<>();
            long next = random.nextLong(1, 1000);
            long window = random.nextLong(1, 70);
            outstanding.restart(next, window);
            for (int step = 0; step < 500; step++) {
                long acknowledged = model.isEmpty() ? next - 1 : model.firstKey() - 1;
                assertThat(outstanding.acknowledged()).isEqualTo(acknowledged);
                assertThat(outstanding.hasRoom(1)).isEqualTo(next <= acknowledged + window);
                assertThat(outstanding.isEmpty()).isEqualTo(model.isEmpty());
                int what = random.nextInt(20);
                if (what < 10 && outstanding.hasRoom(1)) {
                    Exchange<?> added = exchange();
                    long id = outstanding.add(added);
                    added.sentAs(id);
                    assertThat(id).isEqualTo(next++);
                    model.put(id, added);
                } else if (what < 19 && !model.isEmpty()) {
                    long id = List.copyOf(model.keySet()).get(random.nextInt(model.size()));
                    Exchange<?> answered = outstanding.get(id);
                    assertThat(answered).isNotNull().isSameAs(model.remove(id));
                    outstanding.remove(Objects.requireNonNull(answered));
                    assertThat(outstanding.get(id)).isNull();
                } else if (what == 19) {
                    window = random.nextLong(1, 70);
                    outstanding.resume(next, window);
                }
                assertThat(outstanding.ascending()).containsExactlyElementsOf(model.values());
                assertThat(outstanding.get(next)).isNull();
                assertThat(outstanding.get(0)).isNull();
            }
        }
    }

    @Test
    void callsLeaveRoomForTheProtocol() {
        Outstanding outstanding = new Outstanding();
        outstanding.restart(1, 16);
        while (outstanding.hasRoomForCall()) {
            outstanding.add(exchange());
        }
        assertThat(outstanding.hasRoom(4)).isTrue();
        assertThat(outstanding.hasRoom(5)).isFalse();
    }
}
