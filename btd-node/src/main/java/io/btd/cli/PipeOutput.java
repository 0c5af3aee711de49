// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Standard output that ends the command when nobody reads it any more (`btd ... | head`): a
/// [java.io.PrintStream] hides an [IOException], but not [Closed]. What is written afterwards is dropped, so
/// that whatever is open can be closed on the way out.
final class PipeOutput extends FilterOutputStream {

    /// Thrown once, by the first write that nobody will read.
    static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Closed(IOException cause) {
            super("standard output is closed", cause);
        }
    }

    private boolean closed;

    PipeOutput(OutputStream out) {
        super(out);
    }

    static OutputStream ofProcess() {
        return new java.io.BufferedOutputStream(new PipeOutput(new FileOutputStream(FileDescriptor.out)));
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        if (closed) {
            return;
        }
        try {
            out.write(bytes, from, length);
        } catch (IOException nobodyReads) {
            closed = true;
            throw new Closed(nobodyReads);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
