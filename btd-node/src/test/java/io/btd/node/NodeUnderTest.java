// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.api.Alloc;
import io.btd.api.transport.Endpoint;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/// A running node and the words the wire's contracts are written in.
interface NodeUnderTest {
    long CAPACITY = 8L << 20;
    /// Between two looks, in nanoseconds.
    long PAUSE = 100_000;

    /// The node that runs.
    Node node();

    /// Starts a node on an arena of its own, or on the one there is, after the former was stopped.
    Node start(UnaryOperator<NodeConfig> config, BooleanSupplier maySessionsOpen);

    /// A connection that is closed when the test ends.
    RawClient keep(RawClient client);

    // --- words

    default Node start() {
        return start(config -> config, () -> true);
    }

    default Endpoint endpoint() {
        return node().endpoints().getFirst();
    }

    default RawClient connect() throws IOException {
        return keep(RawClient.connect(endpoint()));
    }

    /// A new session of this client.
    default RawClient open(long clientLow) throws IOException {
        return keep(RawClient.open(endpoint(), clientLow, 0));
    }

    /// The same session over a new connection; what the client counts stays.
    default RawClient resume(RawClient client, long clientLow) throws IOException {
        RawClient resumed = keep(RawClient.open(endpoint(), clientLow, client.session()));
        resumed.nextId = Math.max(resumed.nextId, client.nextId);
        return resumed;
    }

    default Request malloc(long size) {
        return new Request.Malloc(size, 1, Alloc.POINTERS);
    }

    default Request free(long... blocks) {
        return new Request.Free(blocks);
    }

    default Request memcpy(long destination, byte... bytes) {
        return new Request.Memcpy(destination, MemorySegment.ofArray(bytes));
    }

    /// Blocks that are allocated.
    default long liveBlocks() {
        return node().stat().arenas().getFirst().liveBlocks();
    }

    /// Waits for what happens on another thread; a class's time limit ends it if it never does.
    default void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(PAUSE);
        }
    }

    default long[] pointers(Response response) {
        return ((Response.Pointers) response).pointers();
    }
}
