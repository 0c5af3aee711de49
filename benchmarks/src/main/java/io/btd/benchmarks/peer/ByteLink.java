// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.peer;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// A blocking connection that sends prepared bytes, and reads lines and stretches of bytes. Used by one thread,
/// except for [#close], which ends a read that waits.
final class ByteLink implements AutoCloseable {
    private static final int BUFFER = 64 << 10;
    private static final int LONGEST_LINE = 512;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).flip();
    private final byte[] line = new byte[LONGEST_LINE];
    private int lineLength;

    private ByteLink(SocketChannel channel) {
        this.channel = channel;
    }

    /// Connects; small messages are not held back.
    static ByteLink connect(SocketAddress address) throws IOException {
        boolean inet = address instanceof InetSocketAddress;
        SocketChannel channel = SocketChannel.open(inet ? StandardProtocolFamily.INET : StandardProtocolFamily.UNIX);
        try {
            if (inet) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            channel.connect(address);
            return new ByteLink(channel);
        } catch (IOException refused) {
            channel.close();
            throw new IOException("no connection: address=" + address + ", reason=" + refused.getMessage(), refused);
        }
    }

    /// Sends all of `bytes`, and leaves it as it was for the next time.
    void send(ByteBuffer bytes) throws IOException {
        bytes.rewind();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// Reads a line that ends in CR LF; [#lineStartsWith], [#lineText] and [#lineNumber] look at it.
    void readLine() throws IOException {
        lineLength = 0;
        for (byte next = read(); next != '\n'; next = read()) {
            if (lineLength == LONGEST_LINE) {
                throw new IOException("line too long: start=" + lineText() + "; this is another protocol");
            }
            line[lineLength++] = next;
        }
        if (lineLength == 0 || line[--lineLength] != '\r') {
            throw new IOException("line does not end in CR LF: line=" + lineText() + "; this is another protocol");
        }
    }

    /// Whether the line last read begins with `prefix`.
    boolean lineStartsWith(byte[] prefix) {
        if (lineLength < prefix.length) {
            return false;
        }
        for (int at = 0; at < prefix.length; at++) {
            if (line[at] != prefix[at]) {
                return false;
            }
        }
        return true;
    }

    /// The line last read.
    String lineText() {
        return new String(line, 0, lineLength, StandardCharsets.US_ASCII);
    }

    /// The decimal number that stands in the line last read from `from` on, up to a blank or the end.
    int lineNumber(int from) throws IOException {
        int number = 0;
        int at = from;
        for (; at < lineLength && line[at] != ' '; at++) {
            int digit = line[at] - '0';
            if (digit < 0 || digit > 9 || number > 100_000_000) {
                throw new IOException("not a length: line=" + lineText() + "; this is another protocol");
            }
            number = number * 10 + digit;
        }
        if (at == from) {
            throw new IOException("no length: line=" + lineText() + "; this is another protocol");
        }
        return number;
    }

    /// Where the last blank of the line last read is, or -1.
    int lastBlank() {
        int at = lineLength - 1;
        while (at >= 0 && line[at] != ' ') {
            at--;
        }
        return at;
    }

    /// Reads `length` bytes into the start of `into`.
    void read(byte[] into, int length) throws IOException {
        for (int done = 0; done < length; ) {
            if (!in.hasRemaining()) {
                fill();
            }
            int part = Math.min(length - done, in.remaining());
            in.get(into, done, part);
            done += part;
        }
    }

    private byte read() throws IOException {
        if (!in.hasRemaining()) {
            fill();
        }
        return in.get();
    }

    private void fill() throws IOException {
        in.clear();
        try {
            if (channel.read(in) < 0) {
                throw new EOFException("the server closed the connection: address=" + channel.getRemoteAddress());
            }
        } finally {
            in.flip();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // nothing was to be sent any more
        }
    }
}
