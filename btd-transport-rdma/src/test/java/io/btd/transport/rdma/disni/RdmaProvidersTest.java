// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ibm.disni.util.MemoryUtils;
import com.ibm.disni.util.NativeAffinity;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.RdmaProvider;
import io.btd.api.BtdException;
import io.btd.transport.rdma.ResourceCounts;
import io.btd.transport.rdma.disni.RdmaProviders.OpenProvider;
import io.btd.transport.rdma.stack.RdmaStack;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;

class RdmaProvidersTest {

    /// A stack that makes nothing and knows whether it was closed.
    private static final class Nothing implements RdmaStack {
        private final ResourceCounts counts = new ResourceCounts();
        private boolean closed;

        @Override
        public EventChannel newEventChannel() throws IOException {
            throw new IOException("nothing is made here");
        }

        @Override
        public ResourceCounts counts() {
            return counts;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static ProviderSource source(String name, RdmaStack stack) {
        return new ProviderSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Opened open() {
                return Opened.over(stack);
            }
        };
    }

    @Test
    void disniUsesTheOneThatIsOpen() throws IOException {
        Nothing stack = new Nothing();
        RdmaCm used;
        try (OpenProvider provider = RdmaProviders.open(source("mine", stack))) {
            assertThat(provider.name()).isEqualTo("mine");
            assertThat(provider.counts()).isSameAs(stack.counts);
            used = RdmaCm.open();
            assertThatThrownBy(RdmaEventChannel::createEventChannel).hasMessage("nothing is made here");
            assertThatThrownBy(() -> RdmaProviders.open(source("another", new Nothing())))
                    .isInstanceOf(BtdException.InvalidConfig.class)
                    .hasMessageContaining("an RDMA provider is open: provider=mine, wanted=another; close it first");
        }
        assertThat(stack.closed).isTrue();
        try (OpenProvider provider = RdmaProviders.open(source("another", new Nothing()))) {
            assertThat(provider.name()).isEqualTo("another");
            assertThat(RdmaCm.open()).isNotSameAs(used);
            assertThat(RdmaProvider.provider()).isInstanceOf(StackProvider.class);
        }
    }

    @Test
    void aNameThatNobodyHas() {
        assertThatThrownBy(() -> RdmaProviders.open("hardware"))
                .isInstanceOf(BtdException.InvalidConfig.class)
                .hasMessage("there is no such RDMA provider: provider=hardware; take one of disni, verbs;"
                        + " software is in the module emulator, which is not on the class path");
    }

    @Test
    void withoutLibdisniTheReasonIsSaid() {
        assertThatThrownBy(() -> RdmaProviders.open("disni"))
                .isInstanceOf(BtdException.InvalidConfig.class)
                .hasMessageContaining("library=libdisni.so, reason=")
                .hasMessageContaining("-Djava.library.path, or take the provider verbs");
    }

    @Test
    void withoutADeviceTheReasonIsSaid() {
        Assumptions.assumeThat(Files.exists(Path.of("/sys/class/infiniband")))
                .as("this machine has RDMA devices, or could have")
                .isFalse();
        assertThat(RdmaProviders.DEFAULT).isEqualTo("verbs");
        assertThatThrownBy(() -> RdmaProviders.open(RdmaProviders.DEFAULT))
                .isInstanceOf(BtdException.InvalidConfig.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .containsAnyOf("rdma link add rxe0 type rxe netdev eth0", "apt-get install", "amd64"));
    }

    @Test
    void whatOfDisniNeedsANativeLibraryIsReplaced() {
        DisniClasses.mendMemoryUtils();
        DisniClasses.mendNativeAffinity();
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        long address = MemorySegment.ofBuffer(buffer).address();
        assertThat(MemoryUtils.getAddress(buffer.position(8))).isEqualTo(address);
        assertThat(MemoryUtils.getAddress(buffer.slice())).isEqualTo(address + 8);
        NativeAffinity.setAffinity(1);
        assertThat(NativeAffinity.getAffinity()).isZero();
    }
}
