// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.btd.api.BtdConfig;
import io.btd.api.BtdException.InvalidConfig;
import io.btd.api.BtdException.Unreachable;
import io.btd.api.RemoteConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperMembershipTest {
    private static final UUID ARENA = new UUID(1, 2);

    @TempDir
    private Path folder;

    private Town town;

    @BeforeEach
    void start() {
        town = new Town(folder.resolve("zookeeper"));
    }

    @AfterEach
    void stop() {
        town.close();
    }

    private ZooKeeperRegistry node(int id, UUID arena, long incarnation) throws IOException {
        ZooKeeperRegistry registry = ZooKeeperRegistry.connect(town.config());
        registry.claimId(id, arena, Files.createDirectories(folder.resolve("node-" + id)));
        registry.announce(Town.member(id, arena, incarnation));
        return registry;
    }

    @Test
    void membersComeGoAndAreRemembered() throws Exception {
        try (ZooKeeperMembership membership = ZooKeeperMembership.connect(town.config())) {
            assertThat(membership.members()).isEmpty();
            assertThat(membership.connected()).isTrue();
            Semaphore changes = new Semaphore(0);
            membership.onChange(() -> {
                changes.release();
                throw new IllegalStateException("a listener that fails stops nobody");
            });
            ZooKeeperRegistry first = node(1, ARENA, 5);
            Await.until(
                    "node 1 is seen",
                    () -> membership.members().values().stream().anyMatch(Member::live));
            changes.acquire();
            assertThat(membership.members()).containsExactlyEntriesOf(java.util.Map.of(1, Town.member(1, ARENA, 5)));
            Await.until("node 1 leads", () -> membership.leader().equals(java.util.OptionalInt.of(1)));
            Await.until("node 1 knows it", first::leads);
            changes.drainPermits();
            first.close();
            Await.until(
                    "node 1 has gone",
                    () -> membership.members().values().stream().noneMatch(Member::live));
            changes.acquire();
            Member last = Town.member(1, ARENA, 5);
            assertThat(membership.members().get(1))
                    .isEqualTo(new Member(
                            1, ARENA, last.host(), last.pid(), List.of(), 5, last.capacity(), last.available(), false));
        }
    }

    @Test
    void answersStayWhileZooKeeperIsAway() throws Exception {
        try (ZooKeeperRegistry registry = node(1, ARENA, 1);
                ZooKeeperMembership membership = ZooKeeperMembership.connect(town.config())) {
            int home = membership.homeOfRoots(7);
            town.stop();
            Await.until("it is noticed", () -> !membership.connected() && !registry.connected());
            assertThat(membership.members().values()).singleElement().matches(Member::live);
            assertThat(membership.homeOfRoots(7)).isEqualTo(home);
            town.startAgain();
            Await.until("it is back", () -> membership.connected() && registry.connected());
            assertThat(membership.members().values()).singleElement().matches(Member::live);
            ZooKeeperRegistry second = node(2, new UUID(3, 4), 1);
            Await.until("changes are followed again", () -> membership.members().containsKey(2));
            second.close();
        }
    }

    @Test
    void whatIsNotDecidedWhileZooKeeperIsAwayIsUnreachable() throws Exception {
        ZooKeeperRegistry registry = node(1, ARENA, 1);
        try (ZooKeeperMembership membership = ZooKeeperMembership.connect(town.config())) {
            assertThat(membership.homeOfRoots(0)).isEqualTo(1);
        }
        try (ZooKeeperMembership membership = ZooKeeperMembership.connect(town.hurried())) {
            town.stop();
            assertThat(membership.homeOfRoots(0)).isEqualTo(1);
            assertThatExceptionOfType(Unreachable.class)
                    .isThrownBy(() -> membership.homeOfRoots(1))
                    .withMessageContaining("servers=" + town.config().zooKeeper());
        }
        registry.close();
    }

    @Test
    void withoutALiveNodeNothingIsDecided() throws Exception {
        node(1, ARENA, 1).close();
        try (ZooKeeperMembership membership = ZooKeeperMembership.connect(town.hurried())) {
            assertThatExceptionOfType(Unreachable.class)
                    .isThrownBy(() -> membership.homeOfRoots(0))
                    .withMessageContaining("no node is live");
        }
    }

    @Test
    void aPartOfTheRootsIsDecidedOnceUnderRaces() throws Exception {
        List<AutoCloseable> open = new ArrayList<>();
        List<ZooKeeperMembership> racers = new ArrayList<>();
        open.add(node(1, ARENA, 1));
        // Those who came early know other nodes than those who came late, and so choose differently.
        for (int id = 2; id <= 4; id++) {
            racers.add(ZooKeeperMembership.connect(town.config()));
            open.add(node(id, new UUID(9, id), 1));
        }
        CyclicBarrier together = new CyclicBarrier(racers.size());
        List<Set<Integer>> answers = new ArrayList<>();
        for (int part = 0; part < Membership.ROOT_PARTS; part++) {
            answers.add(ConcurrentHashMap.newKeySet());
        }
        List<Thread> threads = racers.stream()
                .map(racer -> Thread.ofVirtual().start(() -> {
                    for (int part = 0; part < Membership.ROOT_PARTS; part++) {
                        answers.get(part).add(decide(together, racer, part));
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer).hasSize(1));
        for (int part = 0; part < Membership.ROOT_PARTS; part++) {
            assertThat(town.read("/btd/roots/" + part))
                    .isEqualTo(answers.get(part).iterator().next().toString());
        }
        for (ZooKeeperMembership racer : racers) {
            racer.close();
        }
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private static int decide(CyclicBarrier together, Membership membership, int part) {
        try {
            together.await();
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
        return membership.homeOfRoots(part);
    }

    @Test
    void aDecisionOutlivesTheNode() throws Exception {
        ZooKeeperRegistry first = node(1, ARENA, 1);
        try (ZooKeeperMembership membership = ZooKeeperMembership.connect(town.config())) {
            assertThat(membership.homeOfRoots(3)).isEqualTo(1);
        }
        first.close();
        ZooKeeperRegistry second = node(2, new UUID(3, 4), 1);
        try (ZooKeeperMembership membership = ZooKeeperMembership.connect(town.config())) {
            assertThat(membership.homeOfRoots(3)).isEqualTo(1);
            assertThat(membership.homeOfRoots(4)).isEqualTo(2);
        }
        second.close();
    }

    @Test
    void anotherFormatIsLeftAlone() throws Exception {
        town.create("/btd", "");
        town.create("/btd/format", "2\n");
        assertThatExceptionOfType(InvalidConfig.class)
                .isThrownBy(() -> ZooKeeperMembership.connect(town.config()))
                .withMessageContaining("path=/btd/format, format=2, known=1");
        assertThatExceptionOfType(InvalidConfig.class)
                .isThrownBy(() -> ZooKeeperRegistry.connect(town.config()))
                .withMessageContaining("format=2");
        assertThat(town.<List<String>>behindTheBack(handle -> handle.getChildren("/btd", false)))
                .containsExactly("format");
        ZooKeeperRegistry.connect(town.config().withNamespace("other")).close();
    }

    @Test
    void lookingMakesNothing() throws Exception {
        ZooKeeperMembership.connect(town.config().withNamespace("typo")).close();
        assertThat(town.<List<String>>behindTheBack(handle -> handle.getChildren("/", false)))
                .containsExactly("zookeeper");
    }

    @Test
    void malformedEntriesArePassedOver() throws Exception {
        try (ZooKeeperRegistry registry = node(1, ARENA, 1);
                ZooKeeperMembership membership = ZooKeeperMembership.connect(town.config())) {
            town.create("/btd/nodes/2", "arena=what");
            town.create("/btd/nodes/0", "");
            town.create("/btd/nodes/3", "\0\1");
            town.create("/btd/nodes/x", "");
            town.create("/btd/live/2", "pid=-7");
            town.create("/btd/roots/9", "a node");
            town.create("/btd/roots/10", "77");
            Await.until("the last one is seen", () -> membership.homeOfRoots(10) == 77);
            assertThat(membership.members()).containsOnlyKeys(1);
            assertThatExceptionOfType(InvalidConfig.class)
                    .isThrownBy(() -> membership.homeOfRoots(9))
                    .withMessageContaining("path=/btd/roots/9");
            assertThat(registry.connected()).isTrue();
        }
    }

    @Test
    void theSecretStaysHere() throws Exception {
        String secret = "a secret of sixteen and more";
        RemoteConfig config = town.config().withSecret(secret);
        try (ZooKeeperRegistry registry = ZooKeeperRegistry.connect(config)) {
            registry.claimId(1, ARENA, folder);
            registry.announce(Town.member(1, ARENA, 1));
            assertThat(town.read("/btd/nodes/1") + town.read("/btd/live/1")).doesNotContain(secret);
        }
    }

    @Test
    void nobodyThereIsUnreachableWithTheServersNamed() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        RemoteConfig nobody =
                BtdConfig.cluster("127.0.0.1:" + free + ",nowhere.invalid:2181").withDeadline(Duration.ofMillis(200));
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> ZooKeeperMembership.connect(nobody))
                .withMessageContaining("servers=127.0.0.1:" + free + ",nowhere.invalid:2181");
        assertThatExceptionOfType(Unreachable.class).isThrownBy(() -> ZooKeeperRegistry.connect(nobody));
        assertThatExceptionOfType(InvalidConfig.class)
                .isThrownBy(() -> ZooKeeperMembership.connect(BtdConfig.cluster("127.0.0.1:99999")))
                .withMessageContaining("zookeeper=127.0.0.1:99999");
    }
}
