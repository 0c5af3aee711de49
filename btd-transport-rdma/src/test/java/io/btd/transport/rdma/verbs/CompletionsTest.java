// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ibm.disni.verbs.IbvWC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class CompletionsTest {
    private final Completions completions = Completions.allocate(Arena.ofAuto(), 2);

    private void put(int index, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThat(bytes).hasSize(48);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, completions.memory(), index * 48L, 48);
    }

    @Test
    void fields() {
        put(0, "0807060504030201 0000000081000000 0700000000100000 0a0b0c0d24232221 0000000002000000 0000000000000000");
        put(1, "ffffffffffffffff 0a00000001000000 8800000000000000 0000000005000000 0000000000000000 0000000000000000");
        completions.found(2);
        assertThat(completions.id(0)).isEqualTo(0x0102030405060708L);
        assertThat(completions.status(0)).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(completions.isReceive(0)).isTrue();
        assertThat(completions.bytes(0)).isEqualTo(4096);
        assertThat(completions.hasImmediate(0)).isTrue();
        assertThat(completions.immediate(0)).isEqualTo(0x0a0b0c0d);
        assertThat(completions.queuePair(0)).isEqualTo(0x21222324);
        assertThat(completions.id(1)).isEqualTo(-1);
        assertThat(completions.status(1)).isEqualTo(CompletionStatus.REMOTE_ACCESS);
        assertThat(completions.isReceive(1)).isFalse();
        assertThat(completions.vendorError(1)).isEqualTo(0x88);
        assertThat(completions.queuePair(1)).isEqualTo(5);
        assertThat(completions.hasImmediate(1)).isFalse();
    }

    @Test
    void disniLearnsTheQueuePairAlsoOfAFailure() {
        put(0, "0807060504030201 0000000081000000 0700000000100000 0a0b0c0d24232221 0000000002000000 0000000000000000");
        put(1, "ffffffffffffffff 0a00000001000000 8800000000000000 0000000005000000 0000000000000000 0000000000000000");
        completions.found(2);
        IbvWC seen = new IbvWC();
        completions.copy(0, seen);
        assertThat(seen.getWr_id()).isEqualTo(0x0102030405060708L);
        assertThat(seen.getStatus()).isZero();
        assertThat(seen.getOpcode()).isEqualTo(0x81);
        assertThat(seen.getByte_len()).isEqualTo(4096);
        assertThat(seen.getImm_data()).isEqualTo(0x0a0b0c0d);
        assertThat(seen.getWc_flags()).isEqualTo(2);
        completions.copy(1, seen);
        assertThat(seen.getWr_id()).isEqualTo(-1);
        assertThat(IbvWC.IbvWcStatus.valueOf(seen.getStatus())).isEqualTo(IbvWC.IbvWcStatus.IBV_WC_REM_ACCESS_ERR);
        assertThat(seen.getVendor_err()).isEqualTo(0x88);
        assertThat(seen.getQp_num()).isEqualTo(5);
    }

    @Test
    void onlyWhatWasFoundIsThere() {
        completions.found(1);
        assertThat(completions.id(0)).isZero();
        assertThatThrownBy(() -> completions.id(1)).isInstanceOf(IndexOutOfBoundsException.class);
        completions.found(0);
        assertThatThrownBy(() -> completions.id(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /// The numbers of those that steer what is done.
    @Test
    void statuses() {
        assertThat(CompletionStatus.of(0)).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(CompletionStatus.of(4)).isEqualTo(CompletionStatus.LOCAL_PROTECTION);
        assertThat(CompletionStatus.of(5)).isEqualTo(CompletionStatus.FLUSHED);
        assertThat(CompletionStatus.of(10)).isEqualTo(CompletionStatus.REMOTE_ACCESS);
        assertThat(CompletionStatus.of(12)).isEqualTo(CompletionStatus.RETRIES_EXCEEDED);
        assertThat(CompletionStatus.of(13)).isEqualTo(CompletionStatus.RECEIVER_NOT_READY);
        assertThat(CompletionStatus.of(23)).isEqualTo(CompletionStatus.RENDEZVOUS_INCOMPLETE);
        assertThat(CompletionStatus.of(24)).isEqualTo(CompletionStatus.UNKNOWN);
        assertThat(CompletionStatus.of(-1)).isEqualTo(CompletionStatus.UNKNOWN);
    }
}
