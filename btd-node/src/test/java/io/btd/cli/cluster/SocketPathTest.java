// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.btd.api.BtdException.InvalidConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketPathTest {

    @TempDir
    private Path temporary;

    @Test
    void aShortPathIsInTheNodesFolder() {
        Path node = Path.of("/data/node-1");
        assertThat(SocketPath.of(node, temporary).socket()).isEqualTo(node.resolve("node.sock"));
    }

    @Test
    void aLongOneIsShortenedAndPrivateAndRemoved() throws IOException {
        Path node = Path.of("/data/" + "ä".repeat(50));
        SocketPath path = SocketPath.of(node, temporary);
        assertThat(path.socket())
                .startsWithRaw(temporary)
                .isEqualTo(SocketPath.of(node, temporary).socket());
        assertThat(path.socket())
                .isNotEqualTo(SocketPath.of(node.resolve("b"), temporary).socket());
        path.prepare();
        assertThat(temporary).isDirectoryContaining(folder -> {
            try {
                return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
                        .equals("rwx------");
            } catch (IOException gone) {
                return false;
            }
        });
        Files.writeString(path.socket(), "of an earlier life");
        path.prepare();
        assertThat(path.socket()).doesNotExist();
        path.remove();
        path.remove();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void aFolderThatIsNotPrivateIsRefused() throws IOException {
        SocketPath path = SocketPath.of(Path.of("/data/" + "x".repeat(120)), temporary);
        Path folder = Files.createDirectories(path.socket()).resolveSibling("");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatExceptionOfType(InvalidConfig.class)
                .isThrownBy(path::prepare)
                .withMessageContaining("the folder is not private");
    }
}
