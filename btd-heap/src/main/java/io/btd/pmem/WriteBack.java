// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import io.btd.api.PersistenceDomain;

/// How stores are made persistent in one domain. Implementations are thread-safe; a fence covers the
/// write-backs of the calling thread.
abstract class WriteBack {

    /// The domain whose rules are followed.
    abstract PersistenceDomain domain();

    /// Starts writing back the lines (or pages) of a range.
    abstract void writeBack(long address, long bytes);

    /// Returns when the write-backs of this thread are complete, and orders stores.
    abstract void fence();

    /// Stores survive the process as they are: nothing to write back, a fence orders stores.
    static final class Ordered extends WriteBack {
        private final PersistenceDomain domain;

        Ordered(PersistenceDomain domain) {
            this.domain = domain;
        }

        @Override
        PersistenceDomain domain() {
            return domain;
        }

        @Override
        void writeBack(long address, long bytes) {
            // stores are in the domain already
        }

        @Override
        void fence() {
            java.lang.invoke.VarHandle.releaseFence();
        }
    }

    /// The caches are in the domain; a fence drains the store buffer.
    static final class Eadr extends WriteBack {
        private final FlushInstructions instructions = FlushInstructions.get();

        @Override
        PersistenceDomain domain() {
            return PersistenceDomain.EADR;
        }

        @Override
        void writeBack(long address, long bytes) {
            // the caches are in the domain
        }

        @Override
        void fence() {
            instructions.fence();
        }
    }

    /// Cache lines are written back one by one.
    static final class CacheLine extends WriteBack {
        private final FlushInstructions instructions = FlushInstructions.get();

        @Override
        PersistenceDomain domain() {
            return PersistenceDomain.CACHE_LINE;
        }

        @Override
        void writeBack(long address, long bytes) {
            instructions.writeBack(address, bytes);
        }

        @Override
        void fence() {
            instructions.fence();
        }
    }

    /// The pages of a range are synchronised with the file; only those.
    static final class Page extends WriteBack {
        private static final long PAGE = 4096;

        @Override
        PersistenceDomain domain() {
            return PersistenceDomain.PAGE;
        }

        @Override
        void writeBack(long address, long bytes) {
            long from = address & -PAGE;
            Libc.msync(from, address + bytes - from);
        }

        @Override
        void fence() {
            java.lang.invoke.VarHandle.releaseFence();
        }
    }
}
