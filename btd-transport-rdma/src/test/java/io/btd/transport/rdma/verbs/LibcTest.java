// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class LibcTest {
    private static final int EBADF = 9;
    private static final int MINUTE = 60_000;

    @Test
    void aDescriptorIsMadeNotToBlock() throws IOException {
        try (Descriptor descriptor = new Descriptor()) {
            assertThat(Libc.doesNotBlock(descriptor.number())).isFalse();
            Libc.doNotBlock(descriptor.number());
            assertThat(Libc.doesNotBlock(descriptor.number())).isTrue();
        }
    }

    @Test
    void whatComesIsSeen() throws IOException {
        try (Descriptor descriptor = new Descriptor()) {
            assertThat(Libc.awaitReadable(descriptor.number(), 0)).isFalse();
            descriptor.makeReadable();
            assertThat(Libc.awaitReadable(descriptor.number(), MINUTE)).isTrue();
            assertThat(descriptor.drain()).isTrue();
            assertThat(Libc.awaitReadable(descriptor.number(), 0)).isFalse();
        }
    }

    @Test
    void theErrorNumberIsThatOfTheCall() {
        assertThatThrownBy(() -> Libc.doNotBlock(-1))
                .isInstanceOf(VerbsException.class)
                .hasMessage("fcntl failed: errno=9")
                .satisfies(e -> assertThat(((VerbsException) e).errno()).isEqualTo(EBADF));
    }
}
