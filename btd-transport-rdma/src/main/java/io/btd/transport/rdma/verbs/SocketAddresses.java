// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.btd.api.BtdException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Addresses as C has them: `sockaddr_in` and `sockaddr_in6`.
final class SocketAddresses {
    static final short AF_INET = 2;
    static final short AF_INET6 = 10;

    private static final VarHandle FAMILY = Structures.handle(Structures.SOCKADDR_IN, "sin_family");
    private static final VarHandle PORT = Structures.handle(Structures.SOCKADDR_IN, "sin_port");
    private static final VarHandle ADDRESS = Structures.handle(Structures.SOCKADDR_IN, "sin_addr");
    private static final VarHandle FAMILY6 = Structures.handle(Structures.SOCKADDR_IN6, "sin6_family");
    private static final VarHandle PORT6 = Structures.handle(Structures.SOCKADDR_IN6, "sin6_port");
    private static final VarHandle SCOPE = Structures.handle(Structures.SOCKADDR_IN6, "sin6_scope_id");
    private static final long ADDRESS6 = 8;
    private static final int BYTES6 = 16;

    private SocketAddresses() {}

    /// Writes an address as C reads it.
    static MemorySegment encode(InetSocketAddress address, Arena arena) {
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new BtdException.Unreachable("a host name has no address: address=" + address, "correct the name");
        }
        byte[] bytes = host.getAddress();
        if (bytes.length != BYTES6) {
            MemorySegment v4 = arena.allocate(Structures.SOCKADDR_IN);
            FAMILY.set(v4, 0L, AF_INET);
            PORT.set(v4, 0L, (short) address.getPort());
            ADDRESS.set(v4, 0L, ByteBuffer.wrap(bytes).getInt());
            return v4;
        }
        MemorySegment v6 = arena.allocate(Structures.SOCKADDR_IN6);
        FAMILY6.set(v6, 0L, AF_INET6);
        PORT6.set(v6, 0L, (short) address.getPort());
        MemorySegment.copy(bytes, 0, v6, JAVA_BYTE, ADDRESS6, BYTES6);
        int scope = host instanceof Inet6Address six ? six.getScopeId() : 0;
        SCOPE.set(v6, 0L, scope);
        return v6;
    }

    /// Reads the address at an offset; empty where there is none yet.
    static Optional<InetSocketAddress> decode(MemorySegment memory, long offset) {
        return switch (memory.get(JAVA_SHORT, offset)) {
            case AF_INET -> {
                byte[] bytes = ByteBuffer.allocate(4)
                        .putInt((int) ADDRESS.get(memory, offset))
                        .array();
                yield Optional.of(address(bytes, 0, (short) PORT.get(memory, offset)));
            }
            case AF_INET6 -> {
                byte[] bytes = memory.asSlice(offset + ADDRESS6, BYTES6).toArray(JAVA_BYTE);
                yield Optional.of(address(bytes, (int) SCOPE.get(memory, offset), (short) PORT6.get(memory, offset)));
            }
            default -> Optional.empty();
        };
    }

    private static InetSocketAddress address(byte[] bytes, int scope, short port) {
        try {
            InetAddress host =
                    scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress("", bytes, scope);
            return new InetSocketAddress(host, Short.toUnsignedInt(port));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
