// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException;
import io.btd.transport.rdma.ResourceCounts;
import io.btd.transport.rdma.ResourceKind;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ResourceTest {
    private final ResourceCounts counts = new ResourceCounts();
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());
    private final Root root = new Root();

    private final class Root extends Resource {
        Root() {
            super(counts);
        }

        @Override
        void release() {
            order.add("root");
        }
    }

    private final class Part extends Resource {
        private final String name;
        private final int errno;

        Part(String name, int errno, ResourceKind kind, Resource... owners) {
            super(kind, owners);
            this.name = name;
            this.errno = errno;
        }

        @Override
        void release() throws VerbsException {
            order.add(name);
            if (errno != 0) {
                throw new VerbsException(name, errno);
            }
        }
    }

    private Part part(String name, ResourceKind kind, Resource... owners) throws VerbsException {
        return Resource.open(() -> new Part(name, 0, kind, owners), owners);
    }

    private Part stubborn(String name, ResourceKind kind, Resource... owners) throws VerbsException {
        return Resource.open(() -> new Part(name, 16, kind, owners), owners);
    }

    @Test
    void whatIsOwnedGoesFirstYoungestFirst() throws VerbsException {
        Part channel = part("channel", ResourceKind.EVENT_CHANNEL, root);
        Part id = part("id", ResourceKind.CONNECTION_ID, channel);
        Part device = part("device", ResourceKind.DEVICE_CONTEXT, root);
        Part domain = part("domain", ResourceKind.PROTECTION_DOMAIN, device);
        Part queue = part("queue", ResourceKind.COMPLETION_QUEUE, device);
        part("pair", ResourceKind.QUEUE_PAIR, id, domain, queue, queue);
        part("region", ResourceKind.MEMORY_REGION, domain);
        assertThat(counts.open()).hasSize(7).containsEntry(ResourceKind.QUEUE_PAIR, 1);
        root.close();
        assertThat(order).containsExactly("pair", "queue", "region", "domain", "device", "id", "channel", "root");
        assertThat(counts.open()).isEmpty();
    }

    @Test
    void anyOwnerTakesItAlong() throws VerbsException {
        Part domain = part("domain", ResourceKind.PROTECTION_DOMAIN, root);
        Part queue = part("queue", ResourceKind.COMPLETION_QUEUE, root);
        Part pair = part("pair", ResourceKind.QUEUE_PAIR, domain, queue);
        queue.close();
        assertThat(order).containsExactly("pair", "queue");
        assertThat(pair.isClosed()).isTrue();
        domain.close();
        assertThat(order).containsExactly("pair", "queue", "domain");
        assertThat(counts.open()).isEmpty();
    }

    @Test
    void closingAgainDoesNothing() throws VerbsException {
        Part part = part("part", ResourceKind.MEMORY_REGION, root);
        part.close();
        part.close();
        root.close();
        assertThat(order).containsExactly("part", "root");
        assertThat(counts.open(ResourceKind.MEMORY_REGION)).isZero();
    }

    @Test
    void nothingIsMadeForWhatIsClosed() throws VerbsException {
        Part part = part("part", ResourceKind.PROTECTION_DOMAIN, root);
        part.close();
        assertThatThrownBy(() -> part("late", ResourceKind.MEMORY_REGION, root, part))
                .isInstanceOf(BtdException.Closed.class)
                .hasMessageContaining("resource=Part");
        assertThatThrownBy(() -> part.use(() -> order.add("used"))).isInstanceOf(BtdException.Closed.class);
        assertThat(order).containsExactly("part");
        assertThat(counts.open()).isEmpty();
    }

    @Test
    void whatCannotBeDestroyedStaysCountedAndTheRestGoes() throws VerbsException {
        Part device = part("device", ResourceKind.DEVICE_CONTEXT, root);
        stubborn("first", ResourceKind.MEMORY_REGION, device);
        stubborn("second", ResourceKind.MEMORY_REGION, device);
        part("queue", ResourceKind.COMPLETION_QUEUE, device);
        assertThatThrownBy(root::close)
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("second failed: errno=16")
                .cause()
                .satisfies(cause -> assertThat(cause.getSuppressed()).hasSize(1));
        assertThat(order).containsExactly("queue", "second", "first", "device", "root");
        assertThat(counts.open()).containsOnlyKeys(ResourceKind.MEMORY_REGION).containsValue(2);
    }

    @Test
    void whatIsNotAsItShouldBeGoesAtOnce() {
        assertThatThrownBy(() -> Resource.open(
                        () -> Resource.checked(new Part("part", 0, ResourceKind.MEMORY_REGION, root), () -> {
                            throw Unavailable.wrongLayout("s", "f", 1, 2);
                        }),
                        root))
                .isInstanceOf(BtdException.InvalidConfig.class);
        assertThat(order).containsExactly("part");
        assertThat(counts.open()).isEmpty();
    }

    @Test
    void aViewEndsWithItsResource() throws VerbsException {
        Part part = part("part", ResourceKind.MEMORY_REGION, root);
        MemorySegment memory = Arena.ofAuto().allocate(Structures.MR);
        MemorySegment view = part.view(memory.address(), Structures.MR);
        view.set(ValueLayout.JAVA_LONG, 0, 5);
        assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(5);
        part.close();
        assertThatThrownBy(() -> view.get(ValueLayout.JAVA_LONG, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> {
                    throw part.orClosed(new IllegalStateException("already closed"));
                })
                .isInstanceOf(BtdException.Closed.class);
    }

    /// Closing waits for a native call that uses the structure: here a search, which asks Java to compare.
    @Test
    void aCallInProgressKeepsTheStructure() throws Exception {
        Part part = part("part", ResourceKind.MEMORY_REGION, root);
        MemorySegment memory = Arena.ofAuto().allocate(Structures.MR);
        MemorySegment view = part.view(memory.address(), Structures.MR);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread caller = Thread.ofPlatform()
                .start(() -> Callback.during(view, () -> {
                    inside.countDown();
                    goOn.await();
                    order.add("called");
                }));
        inside.await();
        Thread closer = Thread.ofPlatform().start(part::close);
        while (!part.isClosed()) {
            Thread.onSpinWait();
        }
        assertThat(order).isEmpty();
        goOn.countDown();
        assertThat(caller.join(Duration.ofMinutes(1))).isTrue();
        assertThat(closer.join(Duration.ofMinutes(1))).isTrue();
        assertThat(order).containsExactly("called", "part");
    }
}
