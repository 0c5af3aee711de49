// SPDX-License-Identifier: Apache-2.0
package io.btd.node.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.Alloc;
import io.btd.api.wire.Request;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightTest {
    private static final int LIGHT = (int) Weight.LIGHT_BYTES;

    private static Request memcpy(int bytes) {
        return new Request.Memcpy(16, MemorySegment.ofArray(new byte[bytes]));
    }

    @Test
    void largeCopiesAreHeavyAndSmallOnesAreNot() {
        assertThat(Weight.isHeavy(memcpy(LIGHT), false)).isFalse();
        assertThat(Weight.isHeavy(memcpy(LIGHT + 1), false)).isTrue();
        assertThat(Weight.isHeavy(new Request.Batch(List.of(memcpy(LIGHT), memcpy(1))), false))
                .isTrue();
        assertThat(Weight.isHeavy(new Request.Batch(Collections.nCopies(4096, new Request.GetLong(8))), false))
                .isFalse();
        assertThat(Weight.isHeavy(new Request.Malloc(64, 65_536, Alloc.OPAQUE), false))
                .isTrue();
        assertThat(Weight.isHeavy(new Request.Malloc(Long.MAX_VALUE, 65_536, Alloc.OPAQUE), false))
                .isTrue();
        assertThat(Weight.isHeavy(new Request.Stat(), false)).isTrue();
    }

    @Test
    void whereStoresWaitForADeviceEverythingThatMutatesIsHeavy() {
        assertThat(Weight.isHeavy(new Request.PutPointer(16, 32), true)).isTrue();
        assertThat(Weight.isHeavy(new Request.PutPointer(16, 32), false)).isFalse();
        assertThat(Weight.isHeavy(new Request.GetLong(16), true)).isFalse();
    }
}
