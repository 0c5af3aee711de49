// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.btd.api.BtdException;
import io.btd.api.wire.Control;
import io.btd.api.wire.Request;
import io.btd.api.wire.Response;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Who gets a session, and who is refused how.
interface HandshakeContract extends NodeUnderTest {
    String SECRET = "a secret of sixteen and more";

    @Test
    default void aHelloOpensASession() throws Exception {
        start();
        RawClient client = open(5);
        Control.Welcome welcome = client.welcome();
        assertThat(welcome.version()).isEqualTo(1);
        assertThat(welcome.node()).isEqualTo(node().id()).isEqualTo(3);
        assertThat(welcome.session()).isNotZero();
        assertThat(welcome.incarnation()).isEqualTo(node().incarnation());
        assertThat(welcome.resumed()).isFalse();
        assertThat(welcome.declare()).isFalse();
        assertThat(welcome.nextRequestId()).isEqualTo(1);
        assertThat(welcome.window()).isEqualTo(64);
        assertThat(welcome.leaseMillis()).isEqualTo(60_000);
        assertThat(welcome.capacity()).isEqualTo(node().load().capacity());
        assertThat(welcome.mac()).isEmpty();
        assertThat(client.call(new Request.Ping()))
                .isInstanceOfSatisfying(
                        Response.Load.class,
                        load -> assertThat(load.takesSessions()).isTrue());
        assertThat(node().stat().sessions()).isEqualTo(1);
        assertThat(open(6).session()).isNotEqualTo(client.session());
    }

    @Test
    default void anotherVersionIsRefused() throws Exception {
        start();
        for (int[] versions : new int[][] {{2, 9}, {0, 0}}) {
            RawClient client = connect();
            client.send(new Control.Hello(versions[0], versions[1], 0, 1, 2, 0, new byte[32], "btd"));
            assertThat(client.ended()).isInstanceOf(BtdException.Protocol.class).hasMessageContaining("version");
        }
        RawClient client = connect();
        client.send(new Control.Hello(0, 9, -1, 1, 2, 0, new byte[32], "btd"));
        assertThat(client.welcomed().version()).isEqualTo(1);
        assertThat(client.welcome().capabilities()).isZero();
    }

    @Test
    default void anotherClusterIsRefused() throws Exception {
        start();
        RawClient client = connect();
        client.send(new Control.Hello(1, 1, 0, 1, 2, 0, new byte[32], "other"));
        assertThat(client.ended()).isInstanceOf(BtdException.Protocol.class).hasMessageContaining("asked=other");
        assertThat(node().stat().sessions()).isZero();
    }

    @Test
    default void bothProveThatTheyKnowTheSecret() throws Exception {
        start(config -> config.withSecret(SECRET), () -> true);
        RawClient client = connect();
        Control.Hello hello = RawClient.hello(7, 0);
        client.send(hello);
        byte[][] proofs = client.prove(hello, SECRET);
        assertThat(proofs[0]).isEqualTo(proofs[1]).hasSize(32);

        RawClient stranger = connect();
        stranger.send(hello);
        assertThatThrownBy(() -> stranger.prove(hello, "another secret than theirs"))
                .isInstanceOf(BtdException.Unauthenticated.class);
        RawClient silent = connect();
        silent.send(hello);
        silent.receive();
        silent.send(hello);
        assertThat(silent.ended()).isInstanceOf(BtdException.Protocol.class);
        assertThat(node().stat().sessions()).isEqualTo(1);
    }

    @Test
    default void nothingElseComesBeforeTheSession() throws Exception {
        start();
        RawClient client = connect();
        client.send(new Request.Ping(), 1, 0, 0, 0);
        assertThat(client.ended()).isInstanceOf(BtdException.Protocol.class);
        RawClient proof = connect();
        proof.send(new Control.Proof(new byte[32]));
        assertThat(proof.ended()).isInstanceOf(BtdException.Protocol.class);
    }

    @Test
    default void whoTakesTooLongIsShownOut() throws Exception {
        start();
        assertThat(connect().ended()).isInstanceOf(BtdException.Deadline.class).hasMessageContaining("5 s");
    }

    @Test
    default void aFullNodeIsBusy() throws Exception {
        start(
                config -> new NodeConfig(
                        config.arena(),
                        config.listen(),
                        config.namespace(),
                        config.lease(),
                        Optional.empty(),
                        false,
                        1,
                        64,
                        Optional.empty()),
                () -> true);
        RawClient first = open(1);
        assertThatThrownBy(() -> open(2)).isInstanceOf(BtdException.Busy.class).hasMessageContaining("most=1");
        assertThat(((Response.Load) first.call(new Request.Ping())).takesSessions())
                .isFalse();
        assertThat(first.call(new Request.Close())).isEqualTo(new Response.Done());
        open(2);
    }

    @Test
    default void aNodeThatLostItsMembershipTakesNoneButKeepsItsOwn() throws Exception {
        AtomicBoolean may = new AtomicBoolean(true);
        start(config -> config, may::get);
        RawClient client = open(1);
        may.set(false);
        assertThatThrownBy(() -> open(2)).isInstanceOf(BtdException.Busy.class);
        assertThat(resume(client, 1).welcome().resumed()).isTrue();
    }

    @Test
    default void aClientThatMissedItsWelcomeLeavesNoSessionBehind() throws Exception {
        start();
        open(1).close();
        RawClient again = open(1);
        assertThat(again.call(new Request.Ping())).isInstanceOf(Response.Load.class);
        while (node().stat().sessions() > 1) {
            Thread.sleep(1); // the node ends it by the way; the lease is a minute
        }
        assertThat(again.call(new Request.Ping())).isInstanceOf(Response.Load.class);
    }

    @Test
    default void onlyItsClientResumesASession() throws Exception {
        start();
        RawClient client = open(1);
        assertThatThrownBy(() -> RawClient.open(endpoint(), 2, client.session()))
                .isInstanceOf(BtdException.SessionLost.class);
        assertThatThrownBy(() -> RawClient.open(endpoint(), 1, 12_345)).isInstanceOf(BtdException.SessionLost.class);
        RawClient resumed = resume(client, 1);
        assertThat(resumed.session()).isEqualTo(client.session());
        assertThat(client.ended()).isInstanceOf(BtdException.NodeDown.class);
        assertThat(resumed.call(new Request.Close())).isEqualTo(new Response.Done());
        assertThatThrownBy(() -> resume(client, 1)).isInstanceOf(BtdException.SessionLost.class);
    }
}
