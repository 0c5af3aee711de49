// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.btd.api.BtdException.InvalidConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperRegistryTest {
    private static final UUID ARENA = new UUID(1, 2);
    private static final UUID OTHER = new UUID(3, 4);

    @TempDir
    private Path folder;

    private Town town;
    private Path home;

    @BeforeEach
    void start() throws IOException {
        town = new Town(folder.resolve("zookeeper"));
        home = Files.createDirectories(folder.resolve("home"));
    }

    @AfterEach
    void stop() {
        town.close();
    }

    private int reserve(Path where) {
        try (ZooKeeperRegistry registry = ZooKeeperRegistry.connect(town.config())) {
            return registry.reserveId(where);
        }
    }

    private ZooKeeperRegistry announced(UUID arena, long incarnation) {
        ZooKeeperRegistry registry = ZooKeeperRegistry.connect(town.config());
        registry.claimId(1, arena, home);
        registry.announce(Town.member(1, arena, incarnation));
        return registry;
    }

    @Test
    void aFolderKeepsItsIdAcrossACrash() throws IOException {
        assertThat(reserve(home)).isEqualTo(1);
        assertThat(reserve(home)).isEqualTo(1);
        assertThat(reserve(Files.createDirectories(folder.resolve("second")))).isEqualTo(2);
        Path moved = Files.move(home, folder.resolve("moved"));
        assertThat(reserve(moved)).isEqualTo(1);
        try (var files = Files.list(moved)) {
            assertThat(files).containsExactly(moved.resolve("reservation"));
        }
    }

    @Test
    void racingFoldersGetDifferentIds() throws Exception {
        List<Path> folders = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            folders.add(Files.createDirectories(folder.resolve("racer-" + i)));
        }
        // Two processes per folder: those get the same.
        List<Path> racers = new ArrayList<>(folders);
        racers.addAll(folders);
        CyclicBarrier together = new CyclicBarrier(racers.size());
        List<Set<Integer>> ids = folders.stream()
                .map(_ -> (Set<Integer>) ConcurrentHashMap.<Integer>newKeySet())
                .toList();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < racers.size(); i++) {
            Path racer = racers.get(i);
            Set<Integer> answers = ids.get(i % folders.size());
            threads.add(Thread.ofPlatform().start(() -> answers.add(reserveTogether(together, racer))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(ids).allSatisfy(answers -> assertThat(answers).hasSize(1));
        assertThat(ids.stream().flatMap(Set::stream)).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    private int reserveTogether(CyclicBarrier together, Path racer) {
        try (ZooKeeperRegistry registry = ZooKeeperRegistry.connect(town.config())) {
            together.await();
            return registry.reserveId(racer);
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }

    @Test
    void allIdsTakenIsRefused() throws Exception {
        ZooKeeperRegistry.connect(town.config()).close();
        byte[] taken = NodeEntry.reserved(OTHER, "/elsewhere").bytes();
        town.behindTheBack(handle -> {
            for (int id = 1; id <= 4095; id++) {
                handle.create(
                        "/btd/nodes/" + id,
                        taken,
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT,
                        (_, _, _, _) -> {},
                        null);
            }
            return handle.exists("/btd/nodes/4095", false);
        });
        assertThatExceptionOfType(InvalidConfig.class)
                .isThrownBy(() -> reserve(home))
                .withMessageContaining("ids=4095");
    }

    @Test
    void anIdBelongsToOneArena() throws IOException {
        Path second = Files.createDirectories(folder.resolve("second"));
        try (ZooKeeperRegistry registry = ZooKeeperRegistry.connect(town.config())) {
            assertThat(registry.reserveId(home)).isEqualTo(1);
            assertThatExceptionOfType(InvalidConfig.class)
                    .isThrownBy(() -> registry.claimId(1, OTHER, second))
                    .withMessageContaining("theirs=reserved");
            registry.claimId(1, ARENA, home);
            registry.claimId(1, ARENA, home);
            assertThatExceptionOfType(InvalidConfig.class)
                    .isThrownBy(() -> registry.claimId(1, OTHER, home))
                    .withMessageContaining("arena=" + OTHER + ", theirs=" + ARENA);
            assertThatExceptionOfType(InvalidConfig.class)
                    .isThrownBy(() -> registry.announce(Town.member(1, OTHER, 1)))
                    .withMessageContaining("belongs to another arena");
            assertThat(registry.connected()).isFalse();
            // The arena's folder has moved: the id goes with the arena.
            registry.claimId(1, ARENA, second);
            assertThat(registry.reserveId(second)).isEqualTo(1);
        }
    }

    @Test
    void anUnusableFolderIsRefused() throws IOException {
        Files.writeString(home.resolve("reservation"), "what");
        assertThatExceptionOfType(InvalidConfig.class)
                .isThrownBy(() -> reserve(home))
                .withMessageContaining("not a reservation");
        assertThatExceptionOfType(InvalidConfig.class)
                .isThrownBy(() -> reserve(folder.resolve("absent")))
                .withMessageContaining("cannot keep the reservation");
    }

    @Test
    void theAnnouncementOfAnEarlierLifeIsReplacedAtOnce() throws Exception {
        // An earlier life whose session still lasts: it was not closed.
        ZooKeeperRegistry died = announced(ARENA, 1);
        ZooKeeperRegistry now = announced(ARENA, 2);
        assertThat(now.connected()).isTrue();
        assertThat(town.read("/btd/live/1")).contains("incarnation=2");
        // The earlier one sees it, and does not fight.
        Await.until("the earlier life has noticed", () -> !died.connected());
        assertThat(town.read("/btd/live/1")).contains("incarnation=2");
        died.close();
        assertThat(town.read("/btd/live/1")).contains("incarnation=2");
        now.close();
    }

    @Test
    void theAnnouncementOfAnotherArenaIsRefused() throws Exception {
        try (ZooKeeperRegistry theirs = announced(OTHER, 1)) {
            assertThat(theirs.connected()).isTrue();
            town.behindTheBack(handle -> {
                byte[] ours = NodeEntry.reserved(ARENA, "")
                        .announced(Town.member(1, ARENA, 1))
                        .bytes();
                return handle.setData("/btd/nodes/1", ours, -1);
            });
            assertThatExceptionOfType(InvalidConfig.class)
                    .isThrownBy(() -> announced(ARENA, 9))
                    .withMessageContaining("node id is in use: node=1")
                    .withMessageContaining("arena=" + OTHER);
        }
    }

    @Test
    void anExpiredSessionIsAnnouncedAgain() throws Exception {
        try (ZooKeeperRegistry registry = announced(ARENA, 1)) {
            long before = registry.ensemble().session();
            town.expire(registry.ensemble());
            Await.until("it is announced by another session", () -> owner() != 0 && owner() != before);
            Await.until("it knows", registry::connected);
            Await.until("it leads again", registry::leads);
        }
        assertThat(owner()).isZero();
    }

    @Test
    void whatSomebodyRemovedIsAnnouncedAgain() throws Exception {
        try (ZooKeeperRegistry registry = announced(ARENA, 1)) {
            town.behindTheBack(handle -> {
                handle.delete("/btd/live/1", -1);
                return handle;
            });
            Await.until("it is back", () -> owner() != 0);
            Await.until("it knows", registry::connected);
        }
    }

    @Test
    void aNodeAnnouncesItselfToAnEmptyZooKeeper() throws Exception {
        try (ZooKeeperRegistry registry = announced(ARENA, 3)) {
            town.close();
            Await.until("it is noticed", () -> !registry.connected());
            try (var files = Files.walk(folder.resolve("zookeeper"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
            town.startAgain();
            Await.until("it is announced", registry::connected);
            assertThat(town.read("/btd/nodes/1")).contains("arena=" + ARENA, "incarnation=3");
            assertThat(town.read("/btd/format")).isEqualTo("1");
        }
    }

    @Test
    void oneNodeLeadsAndAnotherFollowsIt() throws Exception {
        ZooKeeperRegistry first = announced(ARENA, 1);
        Await.until("the first leads", first::leads);
        try (ZooKeeperRegistry second = ZooKeeperRegistry.connect(town.config())) {
            second.claimId(2, OTHER, folder);
            second.announce(Town.member(2, OTHER, 1));
            assertThat(second.leads()).isFalse();
            first.close();
            Await.until("the second leads", second::leads);
        }
    }

    private long owner() {
        try {
            return town.<Long>behindTheBack(handle -> {
                var stat = handle.exists("/btd/live/1", false);
                return stat == null ? 0L : stat.getEphemeralOwner();
            });
        } catch (KeeperException lost) {
            return 0;
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void entriesAreText() {
        assertThat(new String(LiveEntry.of(Town.member(1, ARENA, 7)).bytes(), StandardCharsets.UTF_8))
                .isEqualTo("""
                        arena=%s
                        host=%s
                        pid=%d
                        endpoints=tcp:127.0.0.1:7001 uds:/tmp/a%%20b%%2520c.sock
                        incarnation=7
                        capacity=67108864
                        available=62914560
                        """.formatted(
                                ARENA, Host.here(), ProcessHandle.current().pid()));
    }
}
