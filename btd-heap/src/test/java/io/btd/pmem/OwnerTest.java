// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Who counts as the owner of an arena.
class OwnerTest {

    @Test
    void thisProcessIsAlive() {
        assertThat(Owner.self().alive()).isTrue();
    }

    @Test
    void aRecycledProcessIdIsNotTheOwner() {
        Owner self = Owner.self();
        assertThat(new Owner(self.pid(), self.startMillis() - 1, self.boot()).alive())
                .isFalse();
        assertThat(new Owner(self.pid(), self.startMillis(), self.boot() ^ 1).alive())
                .isFalse();
    }

    @Test
    void aProcessThatIsNotThereIsNotAlive() {
        assertThat(new Owner(0x7fff_ffff, 0, Owner.self().boot()).alive()).isFalse();
    }
}
