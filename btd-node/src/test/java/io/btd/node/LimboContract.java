// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdException;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import org.junit.jupiter.api.Test;

/// A block that somebody may still remember has no new life. The block is so large that there is one place for it.
interface LimboContract extends NodeUnderTest {
    long HUGE = 5L << 20;

    @Test
    default void aForeignFreeWaitsForTheHolder() throws Exception {
        start();
        RawClient holder = open(1);
        RawClient other = open(2);
        RawClient third = open(3);
        long block = holder.value(malloc(HUGE));
        assertThat(third.refused(malloc(HUGE))).isInstanceOf(BtdException.Full.class);
        assertThat(other.call(free(block))).isEqualTo(new Response.Done());

        assertThat(node().stat().limbo()).isEqualTo(1);
        assertThat(third.refused(malloc(HUGE))).isInstanceOf(BtdException.Full.class);
        assertThat(other.refused(free(block))).isInstanceOf(BtdException.InvalidPointer.class);
        assertThat(other.refused(new Request.Adopt(new long[] {block})))
                .isInstanceOf(BtdException.InvalidPointer.class);
        holder.call(new Request.Ping());
        assertThat(holder.notices).containsExactly(block);
        assertThat(other.call(new Request.Released(new long[] {block}))).isEqualTo(new Response.Done());
        assertThat(third.refused(malloc(HUGE))).isInstanceOf(BtdException.Full.class);

        assertThat(holder.call(new Request.Released(new long[] {block}))).isEqualTo(new Response.Done());
        assertThat(node().stat().limbo()).isZero();
        assertThat(third.value(malloc(HUGE))).isEqualTo(block);
    }

    @Test
    default void aNoticeThatWasMissedComesAgain() throws Exception {
        start();
        RawClient holder = open(1);
        RawClient other = open(2);
        long block = holder.value(malloc(HUGE));
        holder.close();
        other.call(free(block));
        RawClient resumed = resume(holder, 1);
        resumed.call(new Request.Ping());
        assertThat(resumed.notices).containsExactly(block);
        resumed.call(new Request.Released(new long[] {block}));
        other.value(malloc(HUGE));
    }

    @Test
    default void theHoldersEndIsAsGood() throws Exception {
        start();
        RawClient holder = open(1);
        RawClient other = open(2);
        long block = holder.value(malloc(HUGE));
        other.call(free(block));
        holder.call(new Request.Close());
        assertThat(node().stat().limbo()).isZero();
        assertThat(other.value(malloc(HUGE))).isEqualTo(block);
    }

    @Test
    default void anUnlinkedBlockWaitsAsWell() throws Exception {
        start();
        RawClient holder = open(1);
        RawClient other = open(2);
        long slot = other.value(malloc(64));
        long block = holder.value(malloc(HUGE));
        assertThat(other.call(new Request.PutPointer(slot, block))).isEqualTo(new Response.Done());
        assertThat(other.call(new Request.UnlinkAndFree(slot, block, 0))).isEqualTo(new Response.Truth(true));
        assertThat(node().stat().limbo()).isEqualTo(1);
        assertThat(holder.call(new Request.Released(new long[] {block}))).isEqualTo(new Response.Done());
        assertThat(node().stat().limbo()).isZero();
    }

    @Test
    default void aPublisherHoldsNoMoreOnceItHasSeenTheAnswer() throws Exception {
        start();
        RawClient holder = open(1);
        RawClient other = open(2);
        long block = holder.value(malloc(HUGE));
        holder.call(new Request.RootPut("huge", block, false));
        holder.acknowledged = holder.nextId - 1;
        holder.call(new Request.Ping());
        other.call(new Request.RootRemove("huge", block));
        other.call(free(block));
        assertThat(node().stat().limbo()).isZero();
        assertThat(other.value(malloc(HUGE))).isEqualTo(block);
    }

    @Test
    default void aSessionsEndGivesBackWhatItDidNotPublish() throws Exception {
        start();
        RawClient client = open(1);
        long kept = client.value(malloc(64));
        client.value(malloc(64));
        long withRoots = liveBlocks();
        client.call(new Request.RootPut("kept", kept, false));
        long directory = liveBlocks() - withRoots;
        client.call(new Request.Close());
        assertThat(liveBlocks()).isEqualTo(1 + directory);
        assertThat(open(2).value(new Request.RootGet("kept"))).isEqualTo(kept);
    }

    @Test
    default void anAdoptedBlockOutlivesItsMaker() throws Exception {
        start();
        RawClient maker = open(1);
        RawClient heir = open(2);
        long block = maker.value(malloc(64));
        assertThat(heir.call(new Request.Adopt(new long[] {block}))).isEqualTo(new Response.Done());
        maker.call(new Request.Close());
        assertThat(heir.call(free(block))).isEqualTo(new Response.Done());
    }

    @Test
    default void aResizedBlockIsHeldWhereItWent() throws Exception {
        start();
        RawClient maker = open(1);
        RawClient other = open(2);
        long block = maker.value(malloc(64));
        maker.call(memcpy(block, (byte) 1, (byte) 2));
        long grown = other.value(new Request.Realloc(block, 4096));
        assertThat(grown).isNotEqualTo(block);
        assertThat(node().stat().limbo()).isEqualTo(1);
        maker.call(new Request.Close());
        assertThat(other.value(new Request.GetLong(grown))).isEqualTo(0x0201);
        assertThat(liveBlocks()).isEqualTo(1);
        other.call(new Request.Close());
        assertThat(liveBlocks()).isZero();
    }
}
