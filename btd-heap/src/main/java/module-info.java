// SPDX-License-Identifier: Apache-2.0

/// Everything that touches persistent memory on one machine.
module io.btd.heap {
    requires transitive io.btd.api;
    requires static transitive org.jspecify;

    exports io.btd.pmem;
    exports io.btd.pages;
    exports io.btd.heap;
    exports io.btd.log;
}
