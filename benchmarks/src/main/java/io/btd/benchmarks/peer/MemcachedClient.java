// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import io.btd.benchmarks.load.Caller;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// get or set of memcached, by its text protocol on a bare socket: sends all requests of a batch in one write,
/// reads all replies. Each request of a batch has a key of its own.
public final class MemcachedClient implements Caller {
    private static final byte[] STORED = "STORED".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VALUE = "VALUE ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "END".getBytes(StandardCharsets.US_ASCII);

    private final ByteLink link;
    private final byte[][] values;
    private final ByteBuffer requests;
    private final boolean reads;
    private final byte[] reply = new byte[Value.BYTES + 2];

    private MemcachedClient(ByteLink link, boolean reads, byte[][] values, ByteBuffer requests) {
        this.link = link;
        this.reads = reads;
        this.values = values;
        this.requests = requests;
    }

    /// Connects and stores the values.
    ///
    /// @param name keys begin with it; no two clients have the same
    /// @param depth requests of a batch
    /// @param reads whether it measures get; otherwise set
    public static MemcachedClient open(SocketAddress address, String name, int depth, boolean reads)
            throws IOException {
        byte[][] values = new byte[depth][];
        StringBuilder sets = new StringBuilder();
        StringBuilder gets = new StringBuilder();
        for (int slot = 0; slot < depth; slot++) {
            String key = name + "-" + slot;
            values[slot] = Value.of(key);
            sets.append("set ").append(key).append(" 0 0 ").append(Value.BYTES).append("\r\n");
            sets.append(new String(values[slot], StandardCharsets.US_ASCII)).append("\r\n");
            gets.append("get ").append(key).append("\r\n");
        }
        ByteLink link = ByteLink.connect(address);
        try {
            MemcachedClient writer = new MemcachedClient(link, false, values, RespClient.direct(sets));
            writer.call();
            return reads ? new MemcachedClient(link, true, values, RespClient.direct(gets)) : writer;
        } catch (IOException refused) {
            link.close();
            throw refused;
        }
    }

    @Override
    public void call() throws IOException {
        link.send(requests);
        for (byte[] value : values) {
            link.readLine();
            if (reads) {
                readValue(value);
            } else if (!link.lineStartsWith(STORED)) {
                throw new IOException("memcached refused set: reply=" + link.lineText() + "; is it out of memory");
            }
        }
    }

    private void readValue(byte[] expected) throws IOException {
        if (!link.lineStartsWith(VALUE)) {
            throw new IOException("memcached has no value: reply=" + link.lineText() + "; what was stored is gone");
        }
        int length = link.lineNumber(link.lastBlank() + 1);
        if (length != Value.BYTES) {
            throw new IOException("memcached has another value: length=" + length + "; what was stored is gone");
        }
        link.read(reply, length + 2);
        Value.check(expected, reply, length);
        link.readLine();
        if (!link.lineStartsWith(END)) {
            throw new IOException(
                    "memcached sent more than was asked for: reply=" + link.lineText() + "; this is another protocol");
        }
    }

    @Override
    public void close() {
        link.close();
    }
}
