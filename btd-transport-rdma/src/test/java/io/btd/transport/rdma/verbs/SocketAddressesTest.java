// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class SocketAddressesTest {
    private static final byte[] SIX = {
        (byte) 0xfe, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17
    };

    private static MemorySegment encode(InetAddress host, int port) {
        return SocketAddresses.encode(new InetSocketAddress(host, port), Arena.ofAuto());
    }

    @Test
    void version4() throws UnknownHostException {
        byte[] address = {(byte) 192, (byte) 168, 1, (byte) 254};
        assertThat(Hex.of(encode(InetAddress.getByAddress(address), 0x1bbd)))
                .isEqualTo("02001bbdc0a801fe 0000000000000000");
    }

    @Test
    void version6() throws UnknownHostException {
        assertThat(Hex.of(encode(Inet6Address.getByAddress("", SIX, 3), 0xfffe)))
                .isEqualTo("0a00fffe00000000 fe80000000000000 1011121314151617 03000000");
        assertThat(Hex.of(encode(InetAddress.getByAddress(SIX), 1))).endsWith(" 00000000");
    }

    @Test
    void areReadAsTheyWereWritten() throws UnknownHostException {
        MemorySegment there = Arena.ofAuto().allocate(160, 8);
        for (InetSocketAddress address : new InetSocketAddress[] {
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) 200}), 65535),
            new InetSocketAddress(InetAddress.getByAddress(SIX), 7101),
            new InetSocketAddress(Inet6Address.getByAddress("", SIX, 3), 1),
        }) {
            MemorySegment encoded = SocketAddresses.encode(address, Arena.ofAuto());
            MemorySegment.copy(encoded, 0, there, 32, encoded.byteSize());
            assertThat(SocketAddresses.decode(there, 32)).contains(address);
        }
        assertThat(SocketAddresses.decode(there, 0)).as("no family").isEmpty();
    }

    @Test
    void aNameWithoutAnAddress() {
        InetSocketAddress address = InetSocketAddress.createUnresolved("absent", 1);
        assertThatThrownBy(() -> SocketAddresses.encode(address, Arena.ofAuto()))
                .isInstanceOf(BtdException.Unreachable.class)
                .hasMessageContaining("absent");
    }
}
