// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.api.BtdCluster;
import java.time.Duration;
import java.util.List;

/// A cluster that can be broken. Thread-safe. [#close] ends everything and leaves nothing, whatever is broken.
public interface ClusterUnderFault extends AutoCloseable {

    /// The ids of the nodes, in the order in which faults count them.
    List<Integer> nodes();

    /// A new client, which suffers what is done to its links.
    ///
    /// @param client its number, from 0
    BtdCluster connect(int client);

    /// A new client that suffers only what is done to nodes.
    BtdCluster connectPast();

    /// Breaks or mends something; returns when it is done. What does not apply is left out: a dead node cannot be
    /// frozen.
    void inject(Fault fault);

    /// How long it may take after it was mended until every node serves and what lapsed is gone; then that counts as
    /// never. Longer than any lease.
    Duration patience();

    /// Mends everything: all nodes run and can be reached by all.
    void mend();

    @Override
    void close();
}
