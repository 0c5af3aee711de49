// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdException;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Response;
import io.btd.heap.SessionRecord;
import io.btd.node.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Every request takes effect once, however often and over how many connections it comes.
class NodeSessionTest {
    private static final int WINDOW = 64;
    private static final long X = 0x1000_0000_0010L;

    private final FakeBlocks blocks = new FakeBlocks();
    private final Holdings holdings = new Holdings(blocks, new SessionPlaces(4));
    private final NodeSession session =
            new NodeSession(2, new SessionRecord(7, 1, 2, 1, 1), WINDOW, false, 0, new SerialTasks(Runnable::run));
    private Link link = connect();

    /// A connection that notes what it was to send.
    private static final class Link implements SessionLink {
        final Map<Long, List<Response>> answers = new HashMap<>();

        @Override
        public void answer(MessageType type, long id, Response answer) {
            answers.computeIfAbsent(id, _ -> new ArrayList<>()).add(answer);
        }

        @Override
        public void notice(long[] blocks) {}

        @Override
        public void goodbye(BtdException why) {}
    }

    private Link connect() {
        Link fresh = new Link();
        session.attach(fresh, new ArrayList<>());
        return fresh;
    }

    private Admission admit(long id, long acknowledged) {
        return session.admit(link, MessageType.FREE, id, acknowledged, true, 16, holdings);
    }

    private void finish(long id, Response answer) {
        session.finish(id, answer, new long[0]);
    }

    @Test
    void aRepeatedRequestIsAnsweredFromMemory() {
        assertThat(admit(1, 0)).isEqualTo(Admission.MAKE);
        finish(1, new Response.Value(42));
        link = connect();
        assertThat(admit(1, 0)).isEqualTo(Admission.LEAVE);
        assertThat(link.answers.get(1L)).containsExactly(new Response.Value(42));
    }

    @Test
    void oneThatIsBeingMadeIsAnsweredOnceWhenItIsDoneToWhoAskedLast() {
        final Link former = link;
        assertThat(admit(1, 0)).isEqualTo(Admission.MAKE);
        link = connect();
        assertThat(admit(1, 0)).isEqualTo(Admission.LEAVE);
        session.finish(1, new Response.Value(42), new long[0]);
        assertThat(former.answers).isEmpty();
        assertThat(link.answers.get(1L)).containsExactly(new Response.Value(42));
    }

    @Test
    void whatIsAcknowledgedIsForgottenAndDropped() {
        for (long id = 1; id <= 3; id++) {
            admit(id, 0);
            finish(id, new Response.Value(id));
        }
        assertThat(admit(4, 2)).isEqualTo(Admission.MAKE);
        assertThat(admit(2, 2)).isEqualTo(Admission.LEAVE);
        assertThat(link.answers.get(2L)).hasSize(1);
        assertThat(admit(3, 2)).isEqualTo(Admission.LEAVE);
        assertThat(link.answers.get(3L)).hasSize(2);
    }

    @Test
    void numbersBeyondTheWindowAreRefused() {
        assertThat(admit(WINDOW, 0)).isEqualTo(Admission.MAKE);
        assertThat(admit(WINDOW + 1, 0)).isEqualTo(Admission.BEYOND);
        assertThat(admit(WINDOW + 1, 1)).isEqualTo(Admission.MAKE);
        assertThat(admit(-5, 1)).isEqualTo(Admission.BEYOND);
        assertThat(admit(5, -1)).isEqualTo(Admission.BEYOND);
        assertThat(admit(Long.MAX_VALUE, 1)).isEqualTo(Admission.BEYOND);
        assertThat(admit(0, 1)).isEqualTo(Admission.LEAVE);
        assertThat(admit(Long.MAX_VALUE, Long.MAX_VALUE - 1)).isEqualTo(Admission.MAKE);
    }

    @Test
    void answersThatWaitHaveABoundButOneAlwaysFits() {
        assertThat(session.admit(link, MessageType.FREE, 1, 0, true, 1L << 40, holdings))
                .isEqualTo(Admission.MAKE);
        assertThat(admit(2, 0)).isEqualTo(Admission.CROWDED);
        assertThat(session.admit(link, MessageType.FREE, 3, 0, false, 0, holdings))
                .isEqualTo(Admission.MAKE);
        assertThat(admit(2, 1)).isEqualTo(Admission.MAKE);
    }

    @Test
    void requestsThatDoNotMutateAreMadeAgain() {
        assertThat(session.admit(link, MessageType.FREE, 1, 0, false, 0, holdings))
                .isEqualTo(Admission.MAKE);
        session.done();
        assertThat(session.admit(link, MessageType.FREE, 1, 0, false, 0, holdings))
                .isEqualTo(Admission.MAKE);
    }

    @Test
    void aHoldEndsWhenThePublishIsAcknowledgedNotBefore() {
        blocks.malloc(X);
        assertThat(holdings.hold(X, 2, 1)).isTrue();
        assertThat(admit(2, 1)).isEqualTo(Admission.MAKE);
        session.finish(2, new Response.Done(), new long[] {X, holdings.tag(X, 2)});
        admit(3, 1);
        assertThat(holdings.size()).isEqualTo(1);
        admit(4, 2);
        assertThat(holdings.size()).isZero();
    }

    @Test
    void randomlyRepeatedReorderedAndAcknowledgedEachIsMadeOnce() {
        SplittableRandom random = Seed.roll();
        Map<Long, Integer> made = new HashMap<>();
        List<Long> running = new ArrayList<>();
        long acknowledged = 0;
        long sent = 0;
        for (int step = 0; step < 50_000; step++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    if (sent - acknowledged < WINDOW) {
                        sent++;
                        if (admit(sent, acknowledged) == Admission.MAKE) {
                            made.merge(sent, 1, Integer::sum);
                            running.add(sent);
                        }
                    }
                }
                case 3 -> {
                    if (sent > acknowledged) {
                        long again = acknowledged + 1 + random.nextLong(sent - acknowledged);
                        assertThat(admit(again, acknowledged)).isEqualTo(Admission.LEAVE);
                    }
                }
                case 4, 5 -> {
                    if (!running.isEmpty()) {
                        long id = running.remove(random.nextInt(running.size()));
                        session.finish(id, new Response.Value(id), new long[0]);
                    }
                }
                case 6 -> {
                    while (acknowledged < sent && !running.contains(acknowledged + 1) && random.nextInt(10) > 0) {
                        acknowledged++;
                    }
                }
                default -> link = random.nextInt(50) == 0 ? connect() : link;
            }
        }
        assertThat(made)
                .hasSize((int) sent)
                .allSatisfy((_, times) -> assertThat(times).isEqualTo(1));
        assertThat(sent).isGreaterThan(1000);
    }
}
