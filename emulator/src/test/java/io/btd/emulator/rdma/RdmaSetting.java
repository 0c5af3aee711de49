// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.transport.rdma.disni.RdmaProviders.OpenProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// A provider that is open, two groups of endpoints, and the end of both.
@Timeout(120)
abstract class RdmaSetting {
    private @Nullable OpenProvider opened;
    private @Nullable Ends made;

    /// Opens the provider, or skips the test with the reason.
    abstract OpenProvider open();

    /// How many connections are made one after the other, to see whether each goes.
    int connections() {
        return 1000;
    }

    /// Where to listen.
    abstract InetAddress host() throws IOException;

    @BeforeEach
    void start() throws Exception {
        opened = open();
        made = new Ends(host());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (made != null) {
            made.close();
        }
        if (opened != null) {
            opened.close();
            assertThat(opened.counts().open()).isEmpty();
        }
    }

    Ends ends() {
        return Objects.requireNonNull(made);
    }

    OpenProvider provider() {
        return Objects.requireNonNull(opened);
    }
}
