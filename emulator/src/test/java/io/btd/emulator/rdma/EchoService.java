// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.darpc.DaRPCMessage;
import com.ibm.darpc.DaRPCServerEndpoint;
import com.ibm.darpc.DaRPCServerEvent;
import com.ibm.darpc.DaRPCService;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A DaRPC service that answers a number with the next one.
final class EchoService implements DaRPCService<EchoService.Count, EchoService.Count> {

    /// A message of one number.
    static final class Count implements DaRPCMessage {
        private long value;

        long value() {
            return value;
        }

        Count set(long to) {
            value = to;
            return this;
        }

        @Override
        public int write(ByteBuffer buffer) {
            buffer.putLong(value);
            return size();
        }

        @Override
        public void update(ByteBuffer buffer) {
            value = buffer.getLong();
        }

        @Override
        public int size() {
            return Long.BYTES;
        }
    }

    @Override
    public Count createRequest() {
        return new Count();
    }

    @Override
    public Count createResponse() {
        return new Count();
    }

    @Override
    public void processServerEvent(DaRPCServerEvent<Count, Count> event) throws IOException {
        event.getSendMessage().set(event.getReceiveMessage().value() + 1);
        event.triggerResponse();
    }

    @Override
    public void open(DaRPCServerEndpoint<Count, Count> endpoint) {}

    @Override
    public void close(DaRPCServerEndpoint<Count, Count> endpoint) {}
}
