// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.btd.api.BtdException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proofs depend on all that they are to prove. That they are those of wire.md, its examples show.
class MacsTest {

    @Test
    void everythingThatIsProvedChangesTheProof() {
        Control.Hello hello = Examples.HELLO;
        byte[] nonce = Examples.NODE_NONCE;
        byte[] other = nonce.clone();
        other[31] ^= 1;
        byte[] proof = Macs.client(Examples.SECRET, hello, nonce);
        assertThat(Macs.same(proof, Macs.client(Examples.SECRET, hello, nonce))).isTrue();
        List<byte[]> others = List.of(
                Macs.client("another secret", hello, nonce),
                Macs.client(Examples.SECRET, hello, other),
                Macs.client(Examples.SECRET, hello(other, 1, 2, 3), nonce),
                Macs.client(Examples.SECRET, hello(hello.nonce(), 1, 2, 3), nonce),
                Macs.client(Examples.SECRET, hello(hello.nonce(), 1, 3, 3), nonce),
                Macs.client(Examples.SECRET, hello(hello.nonce(), 1, 2, 4), nonce),
                Macs.node(Examples.SECRET, hello, nonce, 1),
                Macs.node(Examples.SECRET, hello, nonce, 2),
                new byte[0],
                new byte[Macs.BYTES]);
        assertThat(others).allSatisfy(mac -> assertThat(Macs.same(proof, mac)).isFalse());
        assertThat(others.stream().map(java.util.HexFormat.of()::formatHex)).doesNotHaveDuplicates();
    }

    private static Control.Hello hello(byte[] nonce, long high, long low, long session) {
        return new Control.Hello(1, 1, 0, high, low, session, nonce, "btd");
    }

    @Test
    void thereIsNoProofWithoutASecret() {
        assertThatExceptionOfType(BtdException.InvalidConfig.class)
                .isThrownBy(() -> Macs.client("", Examples.HELLO, Examples.NODE_NONCE));
    }
}
