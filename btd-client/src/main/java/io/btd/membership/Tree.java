// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import org.apache.curator.utils.ZKPaths;

/// The paths of one cluster in ZooKeeper; `docs/spec/membership.md` says what is kept where.
///
/// @param namespace of the cluster
record Tree(String namespace) {
    /// What [#format] holds. A cluster with another value is left alone.
    static final String FORMAT = "1";

    String root() {
        return "/" + namespace;
    }

    String format() {
        return root() + "/format";
    }

    String nodes() {
        return root() + "/nodes";
    }

    String node(int id) {
        return nodes() + "/" + id;
    }

    String live() {
        return root() + "/live";
    }

    String live(int id) {
        return live() + "/" + id;
    }

    String leader() {
        return root() + "/leader";
    }

    String roots() {
        return root() + "/roots";
    }

    String roots(int part) {
        return roots() + "/" + part;
    }

    /// Whether `path` lies directly below `parent`.
    static boolean isChild(String parent, String path) {
        return ZKPaths.getPathAndNode(path).getPath().equals(parent);
    }
}
