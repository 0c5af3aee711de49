// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.emulator.crash.Trace.Kind;
import io.btd.pmem.PersistSite;
import org.jspecify.annotations.Nullable;

/// The last fence of a trace in EADR that emptied a store buffer, until it is known whether a crash can tell that it
/// was there.
///
/// Without the fence, what it emptied waits on, in front of what follows. Until the next fence a crash can then
/// leave an image that it could not leave before exactly where
///
/// - a *plain* store follows: it may be durable before what waits;
/// - a *promise* follows: what waits may be missing when it is owed.
///
/// An ordered store behind it begins a new group of [Line]: it is durable only when all that waits is, so each image
/// is one that a crash right before the fence, or after it, could leave too. The same holds where another thread
/// goes on, for that empties the buffer. Confined to one thread.
final class Standing {
    private final PersistCounts persists;
    private @Nullable PersistSite site;
    private String operation = "";
    private int thread;

    Standing(PersistCounts persists) {
        this.persists = persists;
    }

    /// Forgets the fence: another trace begins.
    void start() {
        site = null;
    }

    /// A fence emptied the buffer.
    void fenced(Trace trace, int at, String inOperation) {
        site = trace.site(at);
        thread = trace.thread(at);
        operation = inOperation;
    }

    /// Looks at an event.
    ///
    /// @param looked whether what it shows counts; otherwise it did already
    void before(Trace trace, int at, boolean looked) {
        if (site == null) {
            return;
        }
        Kind kind = trace.kind(at);
        boolean other = trace.stores(at) && trace.thread(at) != thread;
        boolean tells = kind == Kind.PROMISE || kind == Kind.STORE && !other;
        if (tells && looked) {
            persists.missable(operation, site);
        }
        if (tells || other || kind == Kind.FENCE) {
            site = null;
        }
    }
}
