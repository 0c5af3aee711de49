// SPDX-License-Identifier: Apache-2.0

/// The public face of btd: the cluster interface, global pointers, errors. It depends on nothing.
module io.btd.api {
    requires static transitive org.jspecify;

    exports io.btd.api;
    exports io.btd.api.spi;

    uses io.btd.api.spi.ClusterProvider;
}
