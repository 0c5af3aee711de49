// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.Alloc;
import io.btd.api.BtdException.Full;
import io.btd.api.BtdException.InvalidPointer;
import io.btd.api.BtdException.PointerFault;
import io.btd.api.BtdException.SessionLost;
import io.btd.api.GlobalPointer;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What a session remembers, and when it ceases to.
class HoldingsTest {
    private static final long A = GlobalPointer.of(1, 1, 4096);
    private static final long B = GlobalPointer.of(1, 1, 8192);
    private static final long SLOT = GlobalPointer.of(1, 1, 64);

    private final SplittableRandom random = Seed.roll();
    private final Holdings holdings = new Holdings();
    private final LostBlocks lost = new LostBlocks();
    private final HoldingRules rules = new HoldingRules(1, holdings, lost);

    @Test
    void theTableIsASetOfBlocksWithStates() {
        Map<Long, String> model = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            long block = GlobalPointer.of(1, 1, 16L * (1 + random.nextInt(3000)));
            switch (random.nextInt(7)) {
                case 0, 1, 2 -> {
                    holdings.add(block, 100);
                    model.put(block, "held");
                }
                case 3, 4 -> {
                    holdings.remove(block);
                    model.remove(block);
                }
                case 5 -> {
                    holdings.leave(block);
                    model.computeIfPresent(block, (_, _) -> "leaving");
                }
                default -> {
                    holdings.stay(block);
                    model.computeIfPresent(block, (_, _) -> "held");
                }
            }
            assertThat(holdings.count()).isEqualTo(model.size());
            assertThat(holdings.has(block)).isEqualTo(model.containsKey(block));
        }
        model.values().removeIf("leaving"::equals);
        assertThat(holdings.declared()).containsExactlyInAnyOrder(model.keySet().toArray(Long[]::new));
        holdings.settleLeaving();
        assertThat(holdings.count()).isEqualTo(model.size());
        List<Long> gone = new ArrayList<>();
        holdings.loseAll((block, size) -> {
            assertThat(size).isEqualTo(100);
            gone.add(block);
        });
        assertThat(gone).containsExactlyInAnyOrderElementsOf(model.keySet());
        assertThat(holdings.count()).isZero();
    }

    private void gain(long... blocks) {
        answered(new Request.Malloc(100, blocks.length, Alloc.POINTERS), new Response.Pointers(blocks));
    }

    @Test
    void whatIsFreedIsNotDeclaredFromTheMomentItIsSent() {
        gain(A, B);
        rules.sending(new Request.Free(new long[] {A}));
        assertThat(holdings.declared()).containsExactly(B);
        answered(new Request.Free(new long[] {A}), new Response.Done());
        assertThat(holdings.has(A)).isFalse();
    }

    @Test
    void aRefusedFreeLeavesWhatWasNotFreed() {
        Request free = new Request.Free(new long[] {A, SLOT, B});
        gain(A, B);
        rules.sending(free);
        answered(
                free,
                new Response.Failed(new InvalidPointer(SLOT, PointerFault.NOT_ALLOCATED, "not allocated", "malloc")));
        assertThat(holdings.has(A)).isFalse();
        assertThat(holdings.declared()).containsExactly(B);
    }

    @Test
    void aRefusedReallocLeavesTheBlock() {
        Request realloc = new Request.Realloc(A, 1000);
        gain(A);
        rules.sending(realloc);
        answered(realloc, new Response.Failed(new Full("no room: size=1000", 0, "free something")));
        assertThat(holdings.declared()).containsExactly(A);
        rules.sending(realloc);
        answered(realloc, new Response.Value(B));
        assertThat(holdings.declared()).containsExactly(B);
    }

    @Test
    void whatCertainlyIsPublishedIsForgotten() {
        gain(A, B);
        answered(new Request.PutPointer(SLOT, A), new Response.Done());
        assertThat(holdings.declared()).containsExactly(B);
        answered(new Request.RootPut("name", B, true), new Response.Value(A));
        assertThat(holdings.declared()).containsExactly(B);
        answered(new Request.RootPut("name", B, true), new Response.Value(0));
        assertThat(holdings.count()).isZero();
    }

    @Test
    void whatMayBePublishedIsDeclaredButNotLost() {
        gain(A, B);
        answered(new Request.CompareAndSet(SLOT, 0, A), new Response.Truth(true));
        rules.sending(new Request.Memcpy(SLOT, MemorySegment.ofArray(new long[] {B})));
        assertThat(holdings.declared()).containsExactlyInAnyOrder(A, B);
        List<Long> gone = new ArrayList<>();
        holdings.loseAll((block, _) -> gone.add(block));
        assertThat(gone).isEmpty();
    }

    @Test
    void unlinkingDecidesWhetherTheBlockIsGone() {
        Request unlink = new Request.UnlinkAndFree(SLOT, A, B);
        gain(A, B);
        rules.sending(unlink);
        answered(unlink, new Response.Truth(false));
        assertThat(holdings.declared()).containsExactlyInAnyOrder(A, B);
        rules.sending(unlink);
        answered(unlink, new Response.Truth(true));
        assertThat(holdings.count()).isZero();
    }

    @Test
    void callsAboutLostBlocksAreRefusedUntilTheyAreAllocatedAgain() {
        lost.add(A, 100);
        for (long address : new long[] {A, A + 50, A + 99}) {
            assertThatThrownBy(() -> lost.check(1, new Request.GetLong(address)))
                    .isInstanceOf(SessionLost.class);
        }
        lost.check(1, new Request.GetLong(A + 100));
        lost.check(1, new Request.GetLong(A - 1));
        gain(A + 64);
        lost.check(1, new Request.GetLong(A + 64));
        assertThatThrownBy(() -> lost.check(1, new Request.GetLong(A))).isInstanceOf(SessionLost.class);
        gain(A);
        lost.check(1, new Request.GetLong(A));
    }

    @Test
    void aLostBlockThatIsMetInMemoryIsAlive() {
        lost.add(A, 100);
        answered(new Request.RootGet("name"), new Response.Value(A));
        lost.check(1, new Request.GetLong(A));
    }

    @Test
    void whatACallerWhoHasGoneWasGivenOrFoundStaysLost() {
        lost.add(A, 100);
        lost.add(B, 100);
        rules.answered(new Request.Malloc(100, 1, Alloc.POINTERS), new Response.Pointers(new long[] {A}), false);
        rules.answered(new Request.RootGet("name"), new Response.Value(B), false);
        rules.answered(
                new Request.Batch(List.of(new Request.Malloc(100, 1, Alloc.POINTERS))),
                new Response.Results(List.of(new Response.Pointers(new long[] {A}))),
                false);
        assertThat(lost.has(A)).isTrue();
        assertThat(lost.has(B)).isTrue();
    }

    private void answered(Request request, Response response) {
        rules.answered(request, response, true);
    }

    @Test
    void whatADeclarationDeniesIsLost() {
        gain(A, B);
        answered(new Request.Declare(new long[] {A, B}, true), new Response.Pointers(new long[] {A}));
        assertThat(holdings.declared()).containsExactly(B);
        assertThat(lost.has(A)).isTrue();
    }
}
