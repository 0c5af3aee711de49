// SPDX-License-Identifier: Apache-2.0

/// Recovery, marking, sweeping, checking.
module io.btd.gc {
    requires transitive io.btd.heap;
    requires static transitive org.jspecify;

    exports io.btd.gc;
}
