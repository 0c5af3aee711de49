// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.btd.api.BtdException;
import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.ArenaOwned;
import io.btd.api.BtdException.ArenaUnusable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an arena's header refuses, and that refusing changes nothing.
class ArenaHeaderTest {
    private static final int HEADER = 4096;

    @TempDir
    Path folder;

    private Path closedArena() {
        Path path = folder.resolve("arena");
        ArenaFile arena = ArenaFile.open(path, true, 1 << 20, 7, 3, null);
        arena.markClosed(true);
        arena.medium().close();
        return path;
    }

    private static byte[] firstBytes(Path path, int bytes) throws IOException {
        try (var in = Files.newInputStream(path)) {
            return in.readNBytes(bytes);
        }
    }

    private static void write(Path path, long at, byte... bytes) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(bytes), at);
        }
    }

    private static void open(Path path) {
        ArenaFile.open(path, true, 1 << 20, 1, 1, null);
    }

    private static void refused(Path path, ArenaFault fault) {
        assertThatThrownBy(() -> open(path))
                .isInstanceOfSatisfying(
                        ArenaUnusable.class, e -> assertThat(e.fault()).isEqualTo(fault));
        assertThatThrownBy(() -> ArenaFile.openPrivate(path))
                .isInstanceOfSatisfying(
                        ArenaUnusable.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }

    @Test
    void everySingleFlippedBitOfTheHeaderIsRefusedAndTheFileStaysAsItIs() throws IOException {
        Path path = closedArena();
        byte[] good = firstBytes(path, HEADER);
        long bytes = Files.size(path);
        for (int bit = 0; bit < 8 * HEADER; bit++) {
            byte flipped = (byte) (good[bit / 8] ^ 1 << bit % 8);
            write(path, bit / 8, flipped);
            try {
                open(path);
                fail("accepted: byte=" + bit / 8 + ", bit=" + bit % 8);
            } catch (BtdException refusal) {
                assertThat(refusal).isInstanceOf(ArenaUnusable.class);
            }
            byte[] after = firstBytes(path, HEADER);
            assertThat(after[bit / 8]).isEqualTo(flipped);
            after[bit / 8] = good[bit / 8];
            assertThat(Arrays.equals(after, good)).as("bit=%d", bit).isTrue();
            write(path, bit / 8, good[bit / 8]);
        }
        assertThat(Files.size(path)).isEqualTo(bytes);
        ArenaFile again = ArenaFile.open(path, false, 0, 1, 1, null);
        assertThat(again.wasClean()).isTrue();
        assertThat(again.node()).isEqualTo(7);
        assertThat(again.arenaId()).isEqualTo(3);
        again.medium().close();
    }

    @Test
    void anArenaThatMovedIsRefusedUnchangedAndNotKept() throws IOException {
        Path path = closedArena();
        ByteBuffer word = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        word.putLong(ArenaHeader.seal(3L << 40 | 1, ArenaHeader.STATE_WORD));
        write(path, ArenaHeader.STATE_WORD, word.array());
        byte[] before = firstBytes(path, HEADER);
        refused(path, ArenaFault.MOVED);
        refused(path, ArenaFault.MOVED);
        assertThat(firstBytes(path, HEADER)).isEqualTo(before);
    }

    @Test
    void anUnknownStateIsRefusedUnchangedAndNotKept() throws IOException {
        Path path = closedArena();
        ByteBuffer word = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        word.putLong(ArenaHeader.seal(9L << 40 | 1, ArenaHeader.STATE_WORD));
        write(path, ArenaHeader.STATE_WORD, word.array());
        byte[] before = firstBytes(path, HEADER);
        refused(path, ArenaFault.CORRUPT);
        refused(path, ArenaFault.CORRUPT);
        assertThat(firstBytes(path, HEADER)).isEqualTo(before);
    }

    @Test
    void filesThatAreNoArenasAreToldApart() throws IOException {
        Path path = closedArena();
        refused(folder, ArenaFault.NOT_A_FILE);

        Path empty = Files.createFile(folder.resolve("empty"));
        refused(empty, ArenaFault.TOO_SMALL);
        assertThat(Files.size(empty)).isZero();

        Path text = Files.write(folder.resolve("text"), new byte[5000]);
        refused(text, ArenaFault.NOT_AN_ARENA);
        assertThat(Files.readAllBytes(text)).containsOnly(0).hasSize(5000);

        Path linked = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nothing"));
        assertThatThrownBy(() -> open(linked))
                .isInstanceOfSatisfying(
                        ArenaUnusable.class, e -> assertThat(e.fault()).isEqualTo(ArenaFault.ABSENT));
        assertThatThrownBy(() -> open(folder.resolve("no/folder")))
                .isInstanceOfSatisfying(
                        ArenaUnusable.class, e -> assertThat(e.fault()).isEqualTo(ArenaFault.ABSENT));
        assertThatThrownBy(() -> ArenaFile.open(folder.resolve("absent"), false, 1 << 20, 1, 1, null))
                .isInstanceOfSatisfying(
                        ArenaUnusable.class, e -> assertThat(e.fault()).isEqualTo(ArenaFault.ABSENT));
        assertThatThrownBy(() -> open(folder.resolve("x".repeat(300)))).isInstanceOf(ArenaUnusable.class);
        assertThat(folder.resolve("absent")).doesNotExist();
        refused(Path.of("/dev/null"), ArenaFault.NOT_A_FILE);
        try (var there = Files.list(folder)) {
            assertThat(there.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("arena", "empty", "text", "dangling");
        }
        assertThat(path).exists();
    }

    @Test
    void aTruncatedArenaIsRefusedWhereverItEnds() throws IOException {
        Path path = closedArena();
        long whole = Files.size(path);
        for (long bytes : new long[] {whole - 1, whole / 2, 8192, HEADER, HEADER - 1, 512}) {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(bytes);
            }
            refused(path, ArenaFault.TRUNCATED);
            assertThat(Files.size(path)).isEqualTo(bytes);
        }
    }

    @Test
    void anotherVersionAndAnUnknownFeatureAreRefusedByName() throws IOException {
        Path path = closedArena();
        write(path, 8, (byte) 2);
        refused(path, ArenaFault.VERSION);
        assertThatThrownBy(() -> open(path)).hasMessageContaining("major=2");
        write(path, 8, (byte) 1);
        write(path, 12, (byte) 4);
        refused(path, ArenaFault.VERSION);
        assertThatThrownBy(() -> open(path)).hasMessageContaining("0x4");
    }

    @Test
    void anArenaThisProcessHasOpenIsOwnedByIt() throws IOException {
        Path path = closedArena();
        ArenaFile owner = ArenaFile.open(path, false, 0, 1, 1, null);
        byte[] before = firstBytes(path, HEADER);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> open(path))
                    .isInstanceOfSatisfying(
                            ArenaOwned.class,
                            e -> assertThat(e.owner())
                                    .isEqualTo(ProcessHandle.current().pid()));
            assertThatThrownBy(() -> ArenaFile.openPrivate(path)).isInstanceOf(ArenaOwned.class);
        }
        assertThat(firstBytes(path, HEADER)).isEqualTo(before);
        owner.markClosed(true);
        owner.medium().close();
        ArenaFile next = ArenaFile.open(path, false, 0, 1, 1, null);
        assertThat(next.wasClean()).isTrue();
        assertThat(next.generation()).isEqualTo(owner.generation() + 1);
        next.medium().close();
    }

    @Test
    void aRecycledProcessIdIsNotMistakenForTheOwner() throws IOException {
        Owner self = Owner.self();
        assertThat(self.alive()).isTrue();
        assertThat(new Owner(self.pid(), self.startMillis() - 1000, self.boot()).alive())
                .isFalse();
        assertThat(new Owner(self.pid(), self.startMillis(), self.boot() ^ 1).alive())
                .isFalse();
        assertThat(new Owner(1L << 40, self.startMillis(), self.boot()).alive()).isFalse();

        Path path = closedArena();
        ByteBuffer words = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        words.putLong(ArenaHeader.seal(self.pid(), ArenaHeader.OWNER_PID));
        words.putLong(ArenaHeader.seal(self.startMillis() - 1000, ArenaHeader.OWNER_START));
        write(path, ArenaHeader.OWNER_PID, words.array());
        ArenaFile taken = ArenaFile.open(path, false, 0, 1, 1, null);
        assertThat(taken.wasClean()).isTrue();
        taken.medium().close();
    }

    @Test
    void lookingChangesNothing() throws IOException {
        Path path = closedArena();
        byte[] before = Files.readAllBytes(path);
        ArenaFile looker = ArenaFile.openPrivate(path);
        looker.memory().zero(0, 8192);
        looker.medium().close();
        assertThat(Arrays.equals(Files.readAllBytes(path), before)).isTrue();
    }

    @Test
    void anArenaInMemoryHasTheShapeOfTheGoldenFile() throws IOException {
        MemoryMedium medium = new MemoryMedium(Geometry.tiny(256).mediumBytes(), io.btd.api.PersistenceDomain.PROCESS);
        ArenaFile.format(medium, Geometry.tiny(256), 1, 2, new UUID(0x0123456789abcdefL, 0xfedcba9876543210L));
        assertThat(Golden.written("fresh-arena.hex", Golden.dump(medium.segment())))
                .isEqualTo(Golden.expected("fresh-arena.hex"));
    }
}
