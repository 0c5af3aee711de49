// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// What goes to the connection manager, and what comes from it.
class ConnectionTest {
    private final Arena arena = Arena.ofAuto();

    private MemorySegment encode(ConnectionParameters parameters, byte... privateData) {
        return parameters.encode(privateData, 56, arena);
    }

    @Test
    void parametersRetryAsOftenAsTheyCan() {
        assertThat(Hex.of(encode(ConnectionParameters.of(16, 255))))
                .isEqualTo("0000000000000000 0010ff0007070000 0000000000000000");
    }

    @Test
    void parametersPointToThePrivateData() {
        MemorySegment encoded = encode(new ConnectionParameters(1, 2, 3, 4), (byte) 9, (byte) 8);
        assertThat(Hex.of(encoded).substring(17)).isEqualTo("0201020003040000 0000000000000000");
        long data = encoded.get(ValueLayout.JAVA_LONG, 0);
        assertThat(NativeLibrary.view(data, 2).toArray(ValueLayout.JAVA_BYTE)).containsExactly(9, 8);
    }

    @Test
    void whatCannotBeSaidIsRefused() {
        assertThatThrownBy(() -> new ConnectionParameters(0, 0, 8, 0)).hasMessageContaining("retries=8");
        assertThatThrownBy(() -> new ConnectionParameters(0, 0, 0, 8)).hasMessageContaining("receiverRetries=8");
        assertThatThrownBy(() -> ConnectionParameters.of(256, 0)).hasMessageContaining("responderResources=256");
        assertThatThrownBy(() -> ConnectionParameters.of(0, -1)).hasMessageContaining("initiatorDepth=-1");
        assertThatThrownBy(() -> encode(ConnectionParameters.of(0, 0), new byte[57]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bytes=57");
    }

    private MemorySegment event(int kind, int status, MemorySegment data) {
        MemorySegment event = arena.allocate(80, 8);
        event.set(ValueLayout.JAVA_LONG, 0, 0x1000);
        event.set(ValueLayout.JAVA_LONG, 8, 0x2000);
        event.set(ValueLayout.JAVA_INT, 16, kind);
        event.set(ValueLayout.JAVA_INT, 20, status);
        event.set(ValueLayout.JAVA_LONG, 24, data.address());
        event.set(ValueLayout.JAVA_BYTE, 32, (byte) data.byteSize());
        event.set(ValueLayout.JAVA_BYTE, 33, (byte) 0x90);
        event.set(ValueLayout.JAVA_BYTE, 34, (byte) 3);
        return event;
    }

    @Test
    void aRequestIsCopied() {
        MemorySegment data = arena.allocate(196);
        data.fill((byte) 7);
        NativeEvent copy = NativeEvent.copy(event(4, 0, data));
        data.fill((byte) 0);
        assertThat(copy.kind()).isEqualTo(ConnectionEventKind.CONNECT_REQUEST);
        assertThat(copy.id()).isEqualTo(0x1000);
        assertThat(copy.listener()).isEqualTo(0x2000);
        assertThat(copy.responderResources()).isEqualTo(0x90);
        assertThat(copy.initiatorDepth()).isEqualTo(3);
        byte[] sevens = new byte[196];
        Arrays.fill(sevens, (byte) 7);
        assertThat(copy.privateData()).isEqualTo(ByteBuffer.wrap(sevens));
        assertThat(copy.privateData().isReadOnly()).isTrue();
    }

    /// What is in the union then is something else.
    @Test
    void anEventWithoutParametersHasNone() {
        NativeEvent copy = NativeEvent.copy(event(1, -110, arena.allocate(8)));
        assertThat(copy.kind()).isEqualTo(ConnectionEventKind.ADDRESS_ERROR);
        assertThat(copy.status()).isEqualTo(-110);
        assertThat(copy.privateData().remaining()).isZero();
        assertThat(copy.responderResources()).isZero();
    }

    @Test
    void kinds() {
        assertThat(ConnectionEventKind.of(0)).isEqualTo(ConnectionEventKind.ADDRESS_RESOLVED);
        assertThat(ConnectionEventKind.of(2)).isEqualTo(ConnectionEventKind.ROUTE_RESOLVED);
        assertThat(ConnectionEventKind.of(8)).isEqualTo(ConnectionEventKind.REJECTED);
        assertThat(ConnectionEventKind.of(9)).isEqualTo(ConnectionEventKind.ESTABLISHED);
        assertThat(ConnectionEventKind.of(10)).isEqualTo(ConnectionEventKind.DISCONNECTED);
        assertThat(ConnectionEventKind.of(15)).isEqualTo(ConnectionEventKind.TIME_WAIT_EXIT);
        assertThat(ConnectionEventKind.of(16)).isEqualTo(ConnectionEventKind.UNKNOWN);
    }
}
