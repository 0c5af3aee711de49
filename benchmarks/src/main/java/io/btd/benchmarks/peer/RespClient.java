// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import io.btd.benchmarks.load.Caller;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// GET or SET of redis, by RESP on a bare socket: sends all requests of a batch in one write, reads all replies.
/// Each request of a batch has a key of its own.
public final class RespClient implements Caller {
    private static final byte[] OK = {'+', 'O', 'K'};
    private static final byte[] BULK = {'$'};
    private static final byte[] NONE = {'$', '-', '1'};

    private final ByteLink link;
    private final byte[][] values;
    private final ByteBuffer requests;
    private final boolean reads;
    private final byte[] reply = new byte[Value.BYTES + 2];

    private RespClient(ByteLink link, boolean reads, byte[][] values, ByteBuffer requests) {
        this.link = link;
        this.reads = reads;
        this.values = values;
        this.requests = requests;
    }

    /// Connects and stores the values.
    ///
    /// @param name keys begin with it; no two clients have the same
    /// @param depth requests of a batch
    /// @param reads whether it measures GET; otherwise SET
    public static RespClient open(SocketAddress address, String name, int depth, boolean reads) throws IOException {
        byte[][] values = new byte[depth][];
        StringBuilder sets = new StringBuilder();
        StringBuilder gets = new StringBuilder();
        for (int slot = 0; slot < depth; slot++) {
            String key = name + "-" + slot;
            values[slot] = Value.of(key);
            command(sets, "SET", key, new String(values[slot], StandardCharsets.US_ASCII));
            command(gets, "GET", key);
        }
        ByteLink link = ByteLink.connect(address);
        try {
            RespClient writer = new RespClient(link, false, values, direct(sets));
            writer.call();
            return reads ? new RespClient(link, true, values, direct(gets)) : writer;
        } catch (IOException refused) {
            link.close();
            throw refused;
        }
    }

    private static void command(StringBuilder into, String... words) {
        into.append('*').append(words.length).append("\r\n");
        for (String word : words) {
            into.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
    }

    static ByteBuffer direct(CharSequence text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @Override
    public void call() throws IOException {
        link.send(requests);
        for (byte[] value : values) {
            link.readLine();
            if (reads) {
                readBulk(value);
            } else if (!link.lineStartsWith(OK)) {
                throw new IOException("redis refused SET: reply=" + link.lineText() + "; see its log");
            }
        }
    }

    private void readBulk(byte[] expected) throws IOException {
        if (!link.lineStartsWith(BULK)) {
            throw new IOException("redis refused GET: reply=" + link.lineText() + "; see its log");
        }
        if (link.lineStartsWith(NONE)) {
            throw new IOException("redis has no value: reply=$-1; what was stored is gone");
        }
        int length = link.lineNumber(1);
        if (length != Value.BYTES) {
            throw new IOException("redis has another value: length=" + length + "; what was stored is gone");
        }
        link.read(reply, length + 2);
        Value.check(expected, reply, length);
    }

    @Override
    public void close() {
        link.close();
    }
}
