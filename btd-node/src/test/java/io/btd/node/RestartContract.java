// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException;
import io.btd.api.NodeStat.State;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What a node that died, or stopped, owes its sessions when it is back.
interface RestartContract extends NodeUnderTest {

    @Test
    default void declaredBlocksLiveOnAndOthersComeBack() throws Exception {
        start();
        RawClient client = open(1);
        RawClient other = open(2);
        long block = client.value(malloc(64));
        client.call(memcpy(block, (byte) 9, (byte) 8, (byte) 7, (byte) 6));
        client.value(malloc(64));
        other.value(malloc(64));
        node().abandon();
        start();
        assertThat(node().state()).isEqualTo(State.RECOVERING);
        assertThat(node().stat().sessions()).isEqualTo(2);

        RawClient back = resume(client, 1);
        assertThat(back.welcome().resumed()).isTrue();
        assertThat(back.welcome().declare()).isTrue();
        assertThat(back.welcome().incarnation()).isEqualTo(client.incarnation + 1);
        back.nextId = back.welcome().nextRequestId();
        assertThat(back.refused(malloc(64))).isInstanceOf(BtdException.Protocol.class);
        assertThat(back.call(new Request.Ping())).isInstanceOf(Response.Load.class);
        assertThat(pointers(back.call(new Request.Declare(new long[] {block, block + 16, 16, 0}, false))))
                .containsExactly(block + 16, 16, 0);
        assertThat(back.refused(malloc(64))).isInstanceOf(BtdException.Protocol.class);
        assertThat(pointers(back.call(new Request.Declare(new long[0], true)))).isEmpty();
        long fresh = back.value(malloc(64));
        assertThat(fresh).isNotEqualTo(block);
        back.value(malloc(5L << 20));
        assertThat(back.refused(malloc(5L << 20))).isInstanceOf(BtdException.Recovering.class);
        assertThat(node().state()).isEqualTo(State.RECOVERING);

        RawClient late = resume(other, 2);
        late.nextId = late.welcome().nextRequestId();
        late.call(new Request.Declare(new long[0], true));
        await(() -> node().state() == State.UP);
        assertThat(back.refused(malloc(5L << 20))).isInstanceOf(BtdException.Full.class);
        assertThat(liveBlocks()).isEqualTo(3);
        assertThat(back.value(new Request.GetLong(block))).isEqualTo(0x06070809);
        assertThat(late.call(free(block))).isEqualTo(new Response.Done());
        assertThat(node().stat().limbo()).isEqualTo(1);
    }

    @Test
    default void whoNeverComesBackLapses() throws Exception {
        start();
        RawClient client = open(1);
        long kept = client.value(malloc(64));
        client.value(malloc(64));
        client.call(new Request.RootPut("kept", kept, false));
        long directory = 1;
        node().abandon();
        start(config -> config.withLease(Duration.ofSeconds(2)), () -> true);
        await(() -> node().stat().sessions() == 0 && node().state() == State.UP);
        assertThat(liveBlocks()).isEqualTo(1 + directory);
        assertThatThrownBy(() -> resume(client, 1)).isInstanceOf(BtdException.SessionLost.class);
        assertThat(open(2).value(new Request.RootGet("kept"))).isEqualTo(kept);
    }

    @Test
    default void anOrderlyStopKeepsSessionsAndWhatTheyHold() throws Exception {
        start();
        RawClient client = open(1);
        long block = client.value(malloc(64));
        client.call(memcpy(block, (byte) 1));
        node().close();
        assertThat(client.ended()).isInstanceOf(BtdException.NodeDown.class);
        start();
        RawClient back = resume(client, 1);
        assertThat(back.welcome().declare()).isTrue();
        back.nextId = back.welcome().nextRequestId();
        assertThat(pointers(back.call(new Request.Declare(new long[] {block}, true))))
                .isEmpty();
        assertThat(back.value(new Request.GetLong(block))).isEqualTo(1);
        await(() -> node().state() == State.UP);
    }

    @Test
    default void withoutSessionsItIsUpAtOnce() throws Exception {
        start();
        RawClient client = open(1);
        client.value(malloc(64));
        client.call(new Request.Close());
        node().abandon();
        start();
        assertThat(node().state()).isEqualTo(State.UP);
        node().close();
        start();
        assertThat(node().recovery().clean()).isTrue();
        assertThat(node().incarnation()).isEqualTo(3);
    }

    @Test
    default void aSilentSessionEnds() throws Exception {
        start(config -> config.withLease(Duration.ofSeconds(2)), () -> true);
        RawClient client = open(1);
        client.value(malloc(64));
        assertThat(client.ended()).isInstanceOf(BtdException.SessionLost.class);
        await(() -> node().stat().sessions() == 0);
        assertThat(liveBlocks()).isZero();
    }
}
