// SPDX-License-Identifier: Apache-2.0
package io.btd.benchmarks.load;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One thread that does not wait for its calls. With a depth of one it waits for each call, but the answer
/// comes to another thread, as it does in every client that has an event loop.
public final class WindowSubject implements Subject {
    private final Case what;
    private final Starter.Source source;
    private @Nullable Starter starter;

    /// Takes its one starter from `source`.
    public WindowSubject(Case what, Starter.Source source) {
        this.what = what;
        this.source = source;
    }

    @Override
    public Case what() {
        return what;
    }

    @Override
    public void open() throws IOException {
        starter = source.open();
    }

    @Override
    public void run(Slice slice) throws IOException {
        if (starter == null) {
            throw new IllegalStateException("subject is not open: call open first");
        }
        new Window(what.shape().depth()).run(starter, slice);
    }

    @Override
    public void close() {
        if (starter != null) {
            starter.close();
        }
    }
}
