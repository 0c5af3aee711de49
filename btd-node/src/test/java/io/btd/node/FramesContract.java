// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.BtdException;
import io.btd.api.Durability;
import io.btd.api.GlobalPointer;
import io.btd.api.wire.FrameHeader;
import io.btd.api.wire.MessageType;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What frames carry: every request once, batches, pointers to other nodes; and what no client should send.
interface FramesContract extends NodeUnderTest {

    @Test
    default void everyRequestIsAnswered() throws Exception {
        start();
        RawClient client = open(1);
        long opaque = pointers(client.call(new Request.Malloc(100, 3, Alloc.OPAQUE)))[2];
        long block = client.value(malloc(64));
        assertThat(client.value(new Request.UsableSize(opaque))).isGreaterThanOrEqualTo(100);
        byte[] data = {1, 2, 3, 4, 5, 6, 7, 8};
        assertThat(client.call(new Request.Write(
                        Durability.PERSISTENT,
                        List.of(new Request.Range(opaque, 3), new Request.Range(opaque + 50, 5)),
                        MemorySegment.ofArray(data))))
                .isEqualTo(new Response.Durable(Durability.PERSISTENT));
        for (boolean raw : new boolean[] {false, true}) {
            Response.Data read = (Response.Data) client.call(
                    new Request.Read(raw, List.of(new Request.Range(opaque + 50, 5), new Request.Range(opaque, 3))));
            assertThat(read.bytes().toArray(ValueLayout.JAVA_BYTE)).containsExactly(4, 5, 6, 7, 8, 1, 2, 3);
        }
        assertThat(client.call(new Request.Copy(block + 8, opaque + 50, 5))).isEqualTo(new Response.Done());
        assertThat(client.value(new Request.GetLong(block + 8))).isEqualTo(0x0807060504L);
        assertThat(client.value(new Request.GetAndSet(block + 8, 3))).isEqualTo(0x0807060504L);
        assertThat(client.value(new Request.SlotSet(4, block))).isEqualTo(block);
        assertThat(client.value(new Request.SlotGet(4))).isEqualTo(block);
        assertThat(client.call(new Request.RootPut("b", opaque, true))).isEqualTo(new Response.Value(0));
        assertThat(client.call(new Request.RootPut("a", block, true))).isEqualTo(new Response.Value(0));
        assertThat(client.call(new Request.RootNames(""))).isEqualTo(new Response.Names(List.of("a", "b"), false));
        assertThat(client.call(new Request.RootNames("a"))).isEqualTo(new Response.Names(List.of("b"), false));
        assertThat(client.call(new Request.Stat())).isInstanceOfSatisfying(Response.State.class, state -> {
            assertThat(state.stat().sessions()).isEqualTo(1);
            assertThat(state.stat().endpoint()).isEqualTo(endpoint().toString());
        });
        assertThat(client.refused(new Request.GetLong(block + 1))).isInstanceOf(BtdException.InvalidPointer.class);
        assertThat(client.refused(new Request.Malloc(-1, 1, Alloc.OPAQUE)))
                .isInstanceOf(BtdException.InvalidSize.class);
    }

    @Test
    default void aLargeCopyAndReadCross() throws Exception {
        start();
        RawClient client = open(1);
        byte[] bytes = new byte[2 << 20];
        new SplittableRandom(7).nextBytes(bytes);
        long block = pointers(client.call(new Request.Malloc(bytes.length, 1, Alloc.OPAQUE)))[0];
        assertThat(client.call(memcpy(block, bytes))).isEqualTo(new Response.Done());
        Response.Data read =
                (Response.Data) client.call(new Request.Read(false, List.of(new Request.Range(block, bytes.length))));
        assertThat(read.bytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
    }

    @Test
    default void allBlocksOrNone() throws Exception {
        start();
        RawClient client = open(1);
        assertThat(client.refused(new Request.Malloc(1 << 20, 12, Alloc.OPAQUE)))
                .isInstanceOf(BtdException.Full.class);
        assertThat(liveBlocks()).isZero();
    }

    @Test
    default void namesComeInPages() throws Exception {
        start();
        RawClient client = open(1);
        long block = client.value(malloc(64));
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add("%03d".formatted(i) + "x".repeat(997));
            client.call(new Request.RootPut(all.getLast(), block, false));
            client.acknowledged = client.nextId - 1;
        }
        List<String> got = new ArrayList<>();
        Response.Names page;
        do {
            page = (Response.Names) client.call(new Request.RootNames(got.isEmpty() ? "" : got.getLast()));
            got.addAll(page.names());
        } while (page.more());
        assertThat(got).isEqualTo(all);
    }

    @Test
    default void aBatchIsAnsweredRequestByRequest() throws Exception {
        start();
        RawClient client = open(1);
        long block = client.value(malloc(64));
        Request.Batch batch = new Request.Batch(
                List.of(new Request.GetAndAdd(block, 1), new Request.GetLong(16), new Request.GetAndAdd(block, 1)));
        List<Response> all = ((Response.Results) client.call(batch)).results();
        assertThat(all.get(0)).isEqualTo(new Response.Value(0));
        assertThat(all.get(1)).isInstanceOf(Response.Failed.class);
        assertThat(all.get(2)).isEqualTo(new Response.Value(1));
        long id = client.send(batch, FrameHeader.STOP_AT_FAILURE);
        List<Response> stopped = ((Response.Results) client.answer(id)).results();
        assertThat(stopped.get(0)).isEqualTo(new Response.Value(2));
        assertThat(((Response.Failed) stopped.get(2)).error()).isInstanceOf(BtdException.Busy.class);
        assertThat(client.value(new Request.GetLong(block))).isEqualTo(3);
    }

    @Test
    default void pointersToOtherNodesAreExportedFirst() throws Exception {
        start();
        RawClient client = open(1);
        long foreign = GlobalPointer.of(77, 1, 4096);
        long block = client.value(malloc(64));
        Request put = new Request.PutPointer(block, foreign);
        assertThat(pointersFirst(client.call(put))).containsExactly(foreign);
        assertThat(pointersFirst(client.call(new Request.RootPut("r", foreign, false))))
                .containsExactly(foreign);
        assertThat(client.value(new Request.GetLong(block))).isZero();
        long id = client.send(put, FrameHeader.EXPORTED);
        assertThat(client.answer(id)).isEqualTo(new Response.Done());
        assertThat(client.value(new Request.GetLong(block))).isEqualTo(foreign);
        assertThat(pointers(client.call(new Request.Export(new long[] {block, block + 16, foreign}))))
                .containsExactly(block + 16, foreign);
    }

    private static long[] pointersFirst(Response response) {
        return ((Response.ExportFirst) response).pointers();
    }

    // --- what no client should send

    @Test
    default void aMalformedPayloadIsRefusedAndTheConnectionGoesOn() throws Exception {
        start();
        RawClient client = open(1);
        for (MessageType type : MessageType.values()) {
            if (type.code() >= MessageType.MALLOC.code() && type != MessageType.FAILED) {
                long id = client.nextId++;
                byte[] payload = {(byte) 0xff, 1, 2};
                client.write(RawClient.frame(payload, type.code(), 0, id, client.incarnation, 0, 0));
                assertThat(((Response.Failed) client.answer(id)).error())
                        .as(type.toString())
                        .isInstanceOf(BtdException.Protocol.class);
            }
        }
        assertThat(client.call(new Request.Ping())).isInstanceOf(Response.Load.class);
    }

    @Test
    default void garbageEndsItsConnectionOnly() throws Exception {
        start();
        RawClient witness = open(1);
        SplittableRandom random = Seed.roll();
        for (int i = 0; i < 60; i++) {
            try (RawClient client = i % 2 == 0 ? connect() : open(100 + i)) {
                byte[] bytes = new byte[1 + random.nextInt(200)];
                random.nextBytes(bytes);
                client.write(bytes);
                if (bytes.length >= FrameHeader.BYTES) {
                    assertThat(client.ended()).isInstanceOf(BtdException.Protocol.class);
                }
            } catch (IOException reset) {
                // the node may close before it has read all
            }
        }
        for (int type : new int[] {0, 3, 4, 15, 30, 67, 127, 144, 254, 255}) {
            RawClient client = open(1000 + type);
            client.write(RawClient.frame(new byte[0], type, 0, 1, client.incarnation, 0, 0));
            assertThat(client.ended()).as("type=" + type).isInstanceOf(BtdException.Protocol.class);
        }
        assertThat(witness.call(new Request.Ping())).isInstanceOf(Response.Load.class);
    }

    @Test
    default void randomRequestsHarmNobody() throws Exception {
        start();
        RawClient witness = open(1);
        long block = witness.value(malloc(64));
        witness.call(memcpy(block, (byte) 5));
        SplittableRandom random = Seed.roll();
        RawClient client = open(2);
        List<MessageType> types = Arrays.stream(MessageType.values())
                .filter(type -> type.code() >= MessageType.MALLOC.code() && type.code() < MessageType.CLOSE.code())
                .toList();
        for (int i = 0; i < 3000; i++) {
            byte[] payload = new byte[random.nextInt(40)];
            random.nextBytes(payload);
            for (int at = 0; at < payload.length; at++) {
                payload[at] = random.nextInt(3) == 0 ? payload[at] : 0;
            }
            MessageType type = types.get(random.nextInt(types.size()));
            long id = client.nextId++;
            client.write(RawClient.frame(payload, type.code(), 0, id, client.incarnation, id - 1, 0));
            client.answer(id);
        }
        assertThat(witness.value(new Request.GetLong(block))).isEqualTo(5);
        client.call(new Request.Close());
        assertThat(witness.value(new Request.GetLong(block))).isEqualTo(5);
    }
}
