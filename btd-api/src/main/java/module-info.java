// SPDX-License-Identifier: Apache-2.0

/// The public face of btd: the cluster interface, global pointers, errors. It depends on nothing.
module io.btd.api {
    requires static transitive org.jspecify;

    exports io.btd.api;
    exports io.btd.api.spi;
    exports io.btd.api.transport;
    exports io.btd.api.wire;

    uses io.btd.api.spi.ClusterProvider;
    uses io.btd.api.transport.TransportProvider;
}
