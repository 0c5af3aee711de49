// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import io.btd.benchmarks.load.Caller;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/// Sends 64 bytes and waits until they are back: what a round trip costs when nobody does anything else.
public final class PingPongClient implements Caller {
    private final ByteLink link;
    private final byte[] sent = Value.of("ping");
    private final ByteBuffer request =
            ByteBuffer.allocateDirect(Value.BYTES).put(sent).flip();
    private final byte[] reply = new byte[Value.BYTES];

    private PingPongClient(ByteLink link) {
        this.link = link;
    }

    /// Connects to an echo.
    public static PingPongClient open(SocketAddress address) throws IOException {
        return new PingPongClient(ByteLink.connect(address));
    }

    @Override
    public void call() throws IOException {
        link.send(request);
        link.read(reply, Value.BYTES);
        Value.check(sent, reply, Value.BYTES);
    }

    @Override
    public void close() {
        link.close();
    }
}
