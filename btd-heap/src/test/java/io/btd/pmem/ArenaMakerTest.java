// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of makers that died where the file system knows no files without a name.
class ArenaMakerTest {
    private static final long CAPACITY = 1 << 20;

    @TempDir
    Path folder;

    private Path path;
    private Path temporary;

    @BeforeEach
    void names() {
        path = folder.resolve("arena");
        temporary = folder.resolve(".arena." + UUID.randomUUID());
    }

    private void makeNamed() {
        assertThat(ArenaMaker.makeNamed(path, folder, Geometry.forCapacity(CAPACITY), 1, 1))
                .isTrue();
    }

    private void openAndClose() {
        ArenaFile arena = ArenaFile.open(path, true, CAPACITY, 1, 1, null);
        arena.markClosed(true);
        arena.medium().close();
    }

    @Test
    void anArenaMadeUnderAnotherNameIsOneAndLeavesNothing() {
        makeNamed();
        assertThat(folder).isDirectoryContaining(file -> file.equals(path)).isDirectoryNotContaining("glob:**/.*");
        openAndClose();
    }

    @Test
    void whatAMakerLeftBeforeTheLinkIsGoneWithTheNextOpen() throws IOException {
        Files.createFile(temporary);
        openAndClose();
        assertThat(temporary).doesNotExist();
        Files.write(temporary, new byte[8192]);
        openAndClose();
        assertThat(temporary).doesNotExist();
    }

    @Test
    void whatAMakerLeftAfterTheLinkIsGoneWithTheNextOpen() throws IOException {
        makeNamed();
        Files.createLink(temporary, path);
        openAndClose();
        assertThat(temporary).doesNotExist();
    }

    @Test
    void removingAnArenaRemovesWhatItsMakersLeft() throws IOException {
        makeNamed();
        Files.createLink(temporary, path);
        ArenaFile.destroy(path);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void filesOfLivingMakersAndOfOthersStay() throws IOException {
        Files.createFile(temporary);
        Path other = Files.createFile(folder.resolve(".arena.notes"));
        Path neighbour = Files.createFile(folder.resolve(".arena2." + UUID.randomUUID()));
        int fd = Libc.open(temporary, Libc.O_RDWR);
        try {
            assertThat(Libc.tryLock(fd)).isTrue();
            openAndClose();
            assertThat(temporary).exists();
        } finally {
            Libc.close(fd);
        }
        openAndClose();
        assertThat(temporary).doesNotExist();
        assertThat(other).exists();
        assertThat(neighbour).exists();
    }
}
