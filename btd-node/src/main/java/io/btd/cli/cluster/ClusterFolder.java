// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where the processes of a cluster on this machine keep their files: `DIR/zookeeper`, `DIR/node-1`, ...
///
/// @param path of the whole
record ClusterFolder(Path path) {
    /// The name of the lock that `up` and `down` take.
    static final String LOCK = "lock";

    private static final String ZOOKEEPER = "zookeeper";
    private static final String NODE = "node-";

    static ClusterFolder of(Path path) {
        return new ClusterFolder(path.toAbsolutePath().normalize());
    }

    /// One process of the cluster, running or not.
    ///
    /// @param role `zookeeper` or `node`
    /// @param folder its own
    record Place(String role, Path folder) {
        /// As people are told of it.
        String name() {
            return String.valueOf(folder.getFileName());
        }

        boolean isNode() {
            return role.equals("node");
        }

        /// What it says while it starts and when it does not.
        Path console() {
            return folder.resolve("console.log");
        }

        Path log() {
            return folder.resolve(role + ".log");
        }
    }

    Place zooKeeper() {
        return new Place("zookeeper", path.resolve(ZOOKEEPER));
    }

    Place node(int number) {
        return new Place("node", path.resolve(NODE + number));
    }

    /// The nodes that have a folder, by number.
    List<Place> nodes() {
        List<Place> nodes = new ArrayList<>();
        for (int number = 1; Files.isDirectory(node(number).folder()); number++) {
            nodes.add(node(number));
        }
        return nodes;
    }
}
