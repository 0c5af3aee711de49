// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdCluster;
import io.btd.api.BtdConfig;
import io.btd.api.PersistenceDomain;
import io.btd.gc.Checker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// The contract on the embedded cluster. Killed is what is opened from a copy of the file made while the
/// arena was in use: in the domain PROCESS that is what SIGKILL leaves.
class EmbeddedContractTest extends ClusterContractTest implements ViewContract {
    @TempDir
    Path folder;

    private final List<BtdCluster> dead = new ArrayList<>();
    private int lives;

    private Path file() {
        return folder.resolve("arena-" + lives);
    }

    @Override
    protected BtdCluster open(boolean zeroOnFree) {
        return BtdCluster.open(BtdConfig.embedded(file(), CAPACITY)
                .withDomain(PersistenceDomain.PROCESS)
                .withZeroOnFree(zeroOnFree));
    }

    @Override
    protected void kill(BtdCluster cluster) throws Exception {
        Path image = file();
        lives++;
        Files.copy(image, file());
        dead.add(cluster);
    }

    @Override
    protected void bury() {
        dead.forEach(BtdCluster::close);
        for (int life = 0; life <= lives; life++) {
            assertThat(Checker.check(folder.resolve("arena-" + life)).problems())
                    .isEmpty();
        }
    }
}
