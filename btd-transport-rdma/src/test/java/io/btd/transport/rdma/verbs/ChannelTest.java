// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException;
import io.btd.transport.rdma.ResourceCounts;
import io.btd.transport.rdma.ResourceKind;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChannelTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ResourceCounts counts = new ResourceCounts();
    private final Root root = new Root();
    private final Descriptor descriptor;
    private final Bell bell;

    ChannelTest() throws IOException {
        descriptor = new Descriptor();
        bell = Resource.open(Bell::new, root);
    }

    private final class Root extends Resource {
        Root() {
            super(counts);
        }

        @Override
        void release() {}
    }

    /// Says how often it was rung.
    private final class Bell extends Channel<Integer> {
        private int rings;
        private int failure;
        private volatile boolean released;

        Bell() {
            super(ResourceKind.EVENT_CHANNEL, root);
        }

        @Override
        int descriptor() {
            return descriptor.number();
        }

        @Override
        Optional<Integer> take() throws VerbsException {
            if (failure != 0) {
                throw new VerbsException("take", failure);
            }
            try {
                if (!descriptor.drain()) {
                    throw new VerbsException("take", VerbsException.EAGAIN);
                }
            } catch (VerbsException e) {
                throw e;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return Optional.of(++rings);
        }

        @Override
        void release() {
            released = true;
        }
    }

    @AfterEach
    void close() throws IOException {
        root.close();
        descriptor.close();
        assertThat(counts.open()).isEmpty();
    }

    @Test
    void whatComesIsTaken() throws IOException {
        assertThat(bell.next(Duration.ZERO)).isEmpty();
        descriptor.makeReadable();
        descriptor.makeReadable();
        assertThat(bell.next(MINUTE)).contains(1);
        assertThat(bell.next(Duration.ZERO)).contains(2);
        assertThat(bell.next(Duration.ofNanos(1))).isEmpty();
    }

    @Test
    void whoWaitsIsWoken() throws Exception {
        CompletableFuture<Optional<Integer>> waiting = CompletableFuture.supplyAsync(() -> wait(bell));
        descriptor.makeReadable();
        assertThat(waiting.get(1, TimeUnit.MINUTES)).contains(1);
    }

    private static Optional<Integer> wait(Bell bell) {
        try {
            return bell.next(MINUTE);
        } catch (VerbsException e) {
            throw new CompletionException(e);
        }
    }

    /// Where another has taken it first.
    @Test
    void nothingThereIsNoFailure() throws IOException {
        descriptor.makeReadable();
        bell.failure = VerbsException.EAGAIN;
        assertThat(bell.next(Duration.ZERO)).isEmpty();
        bell.failure = 5;
        assertThatThrownBy(() -> bell.next(Duration.ZERO)).hasMessage("take failed: errno=5");
    }

    @Test
    void closingEndsTheWait() {
        CompletableFuture<Optional<Integer>> waiting = CompletableFuture.supplyAsync(() -> wait(bell));
        root.close();
        assertThat(bell.released).isTrue();
        assertThatThrownBy(() -> waiting.get(1, TimeUnit.MINUTES))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(BtdException.Closed.class);
        assertThatThrownBy(() -> bell.next(MINUTE)).isInstanceOf(BtdException.Closed.class);
    }

    @Test
    void theDescriptorDoesNotBlock() throws VerbsException {
        assertThat(Channel.nonBlocking(bell)).isSameAs(bell);
        assertThat(Libc.doesNotBlock(descriptor.number())).isTrue();
    }
}
