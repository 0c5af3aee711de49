// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import io.btd.api.wire.Responses;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/// A request takes effect once, wherever the connection breaks, and requests come in any order.
interface OnceContract extends NodeUnderTest {

    /// Sends part of a request, loses the connection, and repeats it over others until it was answered three times.
    /// Returns the answer, which was the same each time.
    private Response repeated(RawClient client, Request request, int part) throws Exception {
        long id = client.nextId;
        byte[] frame = client.frame(request, id, 0, client.acknowledged, 0);
        client.write(Arrays.copyOf(frame, Math.min(part, frame.length)));
        client.close();
        Response first = null;
        for (int i = 0; i < 3; i++) {
            RawClient again = resume(client, client.clientLow());
            again.send(request, id, FrameHeader.REPEATED, id - 1, 0);
            if (i > 0) {
                again.send(request, id, FrameHeader.REPEATED, id - 1, 0);
            }
            Response answer = again.answer(id);
            first = first == null ? answer : first;
            assertThat(bytes(answer)).isEqualTo(bytes(first));
            again.close();
        }
        client.nextId = id + 1;
        return first == null ? new Response.Done() : first;
    }

    private static byte[] bytes(Response response) {
        byte[] bytes = new byte[Responses.payloadBytes(response)];
        Responses.encode(response, MemorySegment.ofArray(bytes));
        return bytes;
    }

    /// Makes a request on a fresh session with the connection lost at every byte that matters.
    private void everywhere(LongFunction<Request> request, Check check) throws Exception {
        int whole = 1 << 20;
        int low = 100;
        for (int part : new int[] {0, 1, FrameHeader.BYTES - 1, FrameHeader.BYTES, FrameHeader.BYTES + 4, whole}) {
            RawClient client = open(++low);
            long block = client.value(malloc(64));
            long before = liveBlocks();
            Response answer = repeated(client, request.apply(block), part);
            check.holds(keep(resume(client, client.clientLow())), block, answer, liveBlocks() - before);
        }
    }

    /// What must hold afterwards.
    interface Check {
        void holds(RawClient client, long block, Response answer, long moreBlocks) throws Exception;
    }

    @Test
    default void aMallocAllocatesOnce() throws Exception {
        start();
        everywhere(_ -> malloc(64), (client, _, answer, more) -> {
            assertThat(more).isEqualTo(1);
            assertThat(pointers(answer)).hasSize(1);
            assertThat(client.call(free(pointers(answer)))).isEqualTo(new Response.Done());
        });
    }

    @Test
    default void aFreeFreesOnce() throws Exception {
        start();
        everywhere(block -> free(block), (client, block, answer, more) -> {
            assertThat(answer).isEqualTo(new Response.Done());
            assertThat(more).isEqualTo(-1);
            assertThat(client.refused(free(block))).isInstanceOf(BtdException.InvalidPointer.class);
        });
    }

    @Test
    default void aCompareAndSetWinsOnce() throws Exception {
        start();
        everywhere(block -> new Request.CompareAndSet(block, 0, 7), (client, block, answer, _) -> {
            assertThat(answer).isEqualTo(new Response.Truth(true));
            assertThat(client.value(new Request.GetLong(block))).isEqualTo(7);
        });
    }

    @Test
    default void anAdditionAddsOnce() throws Exception {
        start();
        everywhere(block -> new Request.GetAndAdd(block, 5), (client, block, answer, _) -> {
            assertThat(answer).isEqualTo(new Response.Value(0));
            assertThat(client.value(new Request.GetLong(block))).isEqualTo(5);
        });
    }

    @Test
    default void requestsMayComeInAnyOrder() throws Exception {
        start();
        RawClient client = open(1);
        long block = client.value(malloc(64));
        for (long id : new long[] {5, 3, 4, 2, 3, 5}) {
            client.send(new Request.GetAndAdd(block, 1L << 8 * id), id, 0, 1, 0);
        }
        client.nextId = 6;
        for (long id = 2; id <= 5; id++) {
            assertThat(client.answer(id)).isInstanceOf(Response.Value.class);
        }
        assertThat(client.value(new Request.GetLong(block))).isEqualTo(0x0101_0101L << 16);
    }

    @Test
    default void whatIsAcknowledgedIsDropped() throws Exception {
        start();
        RawClient client = open(1);
        long block = client.value(malloc(64));
        client.call(new Request.GetAndAdd(block, 1));
        client.send(new Request.GetAndAdd(block, 1), 2, FrameHeader.REPEATED, 2, 0);
        client.send(new Request.GetAndAdd(block, 1), 0, 0, 2, 0);
        assertThat(client.value(new Request.GetLong(block))).isEqualTo(1);
        assertThatThrownBy(() -> {
                    client.send(new Request.GetAndAdd(block, 1), 64 + 3, 0, 2, 0);
                    client.answer(64 + 3);
                })
                .isInstanceOf(BtdException.Protocol.class)
                .hasMessageContaining("window=64");
    }

    @Test
    default void anotherLifesRequestsAreRefused() throws Exception {
        start();
        RawClient client = open(1);
        client.incarnation++;
        client.send(malloc(64), 0);
        assertThat(client.ended()).isInstanceOf(BtdException.Protocol.class).hasMessageContaining("another life");
        assertThat(liveBlocks()).isZero();
    }
}
