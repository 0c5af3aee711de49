// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException;
import io.btd.api.BtdException.Busy;
import io.btd.api.BtdException.SessionLost;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Response;
import io.btd.heap.SessionRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/// Sessions with a clock that is moved and a worker that works when told.
class SessionsTest {
    private static final long LEASE = 1_000;
    private static final long X = 0x1000_0000_0010L;

    private final FakeBlocks blocks = new FakeBlocks();
    private final FakeRecords records = new FakeRecords();
    private final Queue<Runnable> work = new ArrayDeque<>();
    private long now = 5;
    private int decided;
    private long grace = LEASE;
    private Sessions sessions = start();

    private Sessions start() {
        return new Sessions(
                records, blocks, new Sessions.Limits(1, 3, 16, LEASE, grace), work::add, () -> now, () -> decided++);
    }

    private void settle() {
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
    }

    /// Lets time pass in steps as the node's timer does.
    private void pass(long nanos) {
        for (long end = now + nanos; now < end; now = Math.min(end, now + LEASE / 8)) {
            sessions.tick();
        }
        sessions.tick();
        settle();
    }

    private static final class FakeRecords implements SessionRecords {
        final List<SessionRecord> open = new ArrayList<>();
        long given;

        @Override
        public List<SessionRecord> all() {
            return List.copyOf(open);
        }

        @Override
        public SessionRecord open(long clientHigh, long clientLow) {
            SessionRecord record = new SessionRecord(++given, clientHigh, clientLow, 1, 1);
            open.add(record);
            return record;
        }

        @Override
        public void close(SessionRecord session) {
            open.remove(session);
        }
    }

    private static final class FakeLink implements SessionLink {
        final List<Long> answers = new ArrayList<>();
        final List<Long> notices = new ArrayList<>();
        final List<BtdException> goodbyes = new ArrayList<>();

        @Override
        public void answer(MessageType type, long id, Response answer) {
            answers.add(id);
        }

        @Override
        public void notice(long[] blocks) {
            for (long block : blocks) {
                notices.add(block);
            }
        }

        @Override
        public void goodbye(BtdException why) {
            goodbyes.add(why);
        }
    }

    private Admission admit(NodeSession session, FakeLink link, long id, long acknowledged) {
        return session.admit(link, MessageType.FREE, id, acknowledged, true, 16, sessions.holdings());
    }

    // --- leases

    @Test
    void aSilentSessionEndsAfterItsLeaseAndNotBefore() {
        NodeSession session = sessions.open(1, 2);
        FakeLink link = new FakeLink();
        sessions.attach(session, link);
        blocks.malloc(X);
        assertThat(sessions.holdings().hold(X, session.index(), 1)).isTrue();
        pass(LEASE);
        assertThat(records.open).hasSize(1);
        pass(1);
        assertThat(records.open).isEmpty();
        assertThat(blocks.live).isEmpty();
        assertThat(sessions.count()).isZero();
        assertThat(link.goodbyes).singleElement().isInstanceOf(SessionLost.class);
        assertThatThrownBy(() -> sessions.find(1, 2, 1)).isInstanceOf(SessionLost.class);
    }

    @Test
    void beingHeardRenewsTheLease() {
        NodeSession session = sessions.open(1, 2);
        for (int i = 0; i < 5; i++) {
            pass(LEASE);
            session.heard(now);
        }
        assertThat(records.open).hasSize(1);
    }

    @Test
    void aSessionThatTheNodeWorksForDoesNotLapse() {
        NodeSession session = sessions.open(1, 2);
        session.workBegins();
        session.workBegins();
        pass(5 * LEASE);
        session.workEnds();
        pass(5 * LEASE);
        session.workEnds();
        pass(LEASE);
        assertThat(records.open).hasSize(1);
        pass(1);
        assertThat(records.open).isEmpty();
    }

    @Test
    void theGracePeriodIsForThoseWhoHaveNotDeclared() {
        sessions.open(1, 2);
        sessions.open(3, 4);
        grace = LEASE / 4;
        sessions = start();
        sessions.declared(sessions.find(1, 2, 1));
        pass(LEASE / 2);
        assertThat(records.open).extracting(SessionRecord::id).containsExactly(1L);
        assertThat(decided).isEqualTo(2); // nobody to wait for at the first start
    }

    @Test
    void timeInWhichTheNodeWasStoppedDoesNotCount() {
        sessions.open(1, 2);
        pass(LEASE / 2);
        now += 100 * LEASE;
        sessions.tick();
        settle();
        assertThat(records.open).hasSize(1);
        pass(LEASE / 4);
        assertThat(records.open).hasSize(1);
        pass(LEASE);
        assertThat(records.open).isEmpty();
    }

    @Test
    void anEndWaitsForRequestsInProgressAndAdmitsNoOthers() {
        NodeSession session = sessions.open(1, 2);
        FakeLink link = new FakeLink();
        sessions.attach(session, link);
        assertThat(admit(session, link, 1, 0)).isEqualTo(Admission.MAKE);
        var gone = sessions.end(session, Optional.empty());
        settle();
        assertThat(gone).isNotDone();
        assertThat(admit(session, link, 2, 0)).isEqualTo(Admission.GONE);
        assertThat(sessions.attach(session, new FakeLink())).isEmpty();
        session.finish(1, new Response.Done(), new long[0]);
        settle();
        assertThat(gone).isDone();
        assertThat(link.answers).containsExactly(1L);
        assertThat(link.goodbyes).isEmpty();
        assertThat(sessions.end(session, Optional.empty())).isDone();
    }

    // --- who may come in

    @Test
    void noMoreThanTheMostAndEndedOnesMakeRoom() {
        sessions.open(1, 1);
        sessions.open(1, 2);
        NodeSession third = sessions.open(1, 3);
        assertThatThrownBy(() -> sessions.open(1, 4)).isInstanceOf(Busy.class).hasMessageContaining("most=3");
        assertThat(sessions.end(third, Optional.empty())).isNotDone();
        settle();
        sessions.open(1, 4);
    }

    @Test
    void whoBeginsAnewEndsWhatItNeverLearnedOf() {
        NodeSession unheard = sessions.open(1, 2);
        NodeSession other = sessions.open(1, 3);
        NodeSession used = sessions.open(1, 2);
        settle();
        assertThatThrownBy(() -> sessions.find(1, 2, unheard.record().id())).isInstanceOf(SessionLost.class);
        assertThat(sessions.find(1, 3, other.record().id())).isSameAs(other);
        FakeLink link = new FakeLink();
        sessions.attach(used, link);
        assertThat(admit(used, link, 1, 0)).isEqualTo(Admission.MAKE);
        sessions.open(1, 2);
        settle();
        assertThat(sessions.find(1, 2, used.record().id())).isSameAs(used);
        assertThat(records.open).hasSize(3);
    }

    @Test
    void aRecordedSessionIsNotOneThatNobodyKnows() {
        long recorded = sessions.open(1, 2).record().id();
        sessions = start();
        sessions.open(1, 2);
        settle();
        assertThat(sessions.find(1, 2, recorded).undeclared()).isTrue();
    }

    @Test
    void onlyItsOwnClientResumesASession() {
        NodeSession session = sessions.open(1, 2);
        assertThat(sessions.find(1, 2, session.record().id())).isSameAs(session);
        assertThatThrownBy(() -> sessions.find(1, 3, session.record().id())).isInstanceOf(SessionLost.class);
        assertThatThrownBy(() -> sessions.find(2, 2, session.record().id())).isInstanceOf(SessionLost.class);
        assertThatThrownBy(() -> sessions.find(1, 2, 99)).isInstanceOf(SessionLost.class);
    }

    @Test
    void aResumedSessionLeavesItsFormerConnection() {
        NodeSession session = sessions.open(1, 2);
        FakeLink former = new FakeLink();
        FakeLink link = new FakeLink();
        assertThat(sessions.attach(session, former)).contains(1L);
        assertThat(admit(session, former, 1, 0)).isEqualTo(Admission.MAKE);
        assertThat(admit(session, former, 2, 1)).isEqualTo(Admission.MAKE);
        assertThat(sessions.attach(session, link)).contains(2L);
        assertThat(former.goodbyes).hasSize(1);
        assertThat(admit(session, former, 3, 0)).isEqualTo(Admission.GONE);
        sessions.detach(session, former);
        assertThat(admit(session, link, 3, 0)).isEqualTo(Admission.MAKE);
    }

    // --- after the node died

    @Test
    void recordedSessionsDeclareAndThenItIsDecidedOnce() {
        assertThat(decided).isEqualTo(1);
        long one = sessions.open(1, 2).record().id();
        sessions.open(3, 4);
        decided = 0;
        sessions = start();
        NodeSession session = sessions.find(1, 2, one);
        assertThat(session.undeclared()).isTrue();
        blocks.undecided.add(X);
        assertThat(sessions.holdings().declare(X, session.index(), 1)).isTrue();
        sessions.declared(session);
        sessions.declared(session);
        settle();
        assertThat(decided).isZero();
        pass(LEASE / 2);
        session.heard(now);
        pass(LEASE / 2 + 1);
        assertThat(records.open).hasSize(1);
        assertThat(decided).isEqualTo(1);
        pass(LEASE);
        assertThat(decided).isEqualTo(1);
        assertThat(blocks.live).isEmpty();
    }

    @Test
    void aNoticeGoesToTheConnectionTheSessionHas() {
        NodeSession holder = sessions.open(1, 2);
        NodeSession other = sessions.open(3, 4);
        blocks.malloc(X);
        sessions.holdings().hold(X, holder.index(), 1);
        sessions.holdings().free(X, other.index());
        assertThat(sessions.holdings().limboOf(holder.index())).containsExactly(X);
        FakeLink link = new FakeLink();
        sessions.attach(holder, link);
        blocks.malloc(X + 16);
        sessions.holdings().hold(X + 16, holder.index(), 2);
        sessions.holdings().free(X + 16, other.index());
        assertThat(link.notices).containsExactly(X + 16);
    }
}
