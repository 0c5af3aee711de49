// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import io.btd.api.BtdException;
import io.btd.transport.rdma.ResourceKind;
import io.btd.transport.rdma.stack.RdmaStack;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Something that has owners and may own others. Closing it closes what it owns first, youngest first, and does nothing
/// the second time. All of it is guarded by the lock of the stack.
abstract class Owned implements RdmaStack.Part {
    private final SoftwareStack stack;
    private final @Nullable ResourceKind kind;
    private final Set<Owned> owners;
    private final SequencedSet<Owned> owned = new LinkedHashSet<>();
    private boolean closed;

    /// Made by a thread that has the lock.
    ///
    /// @param kind as what it is counted, null where it is not
    Owned(SoftwareStack stack, @Nullable ResourceKind kind, Owned... owners) {
        this.stack = stack;
        this.kind = kind;
        this.owners = new LinkedHashSet<>(List.of(owners));
        this.owners.forEach(Owned::requireOpen);
        this.owners.forEach(owner -> owner.owned.add(this));
        if (kind != null) {
            stack.counts().opened(kind);
        }
    }

    final SoftwareStack stack() {
        return stack;
    }

    /// Ends what this does. Called once, with the lock, when nothing that it owns is left.
    abstract void release();

    /// Whether it was closed; for those who have the lock.
    final boolean isGone() {
        return closed;
    }

    final void requireOpen() {
        if (closed) {
            throw new BtdException.Closed(
                    "this is closed: resource=" + getClass().getSimpleName());
        }
    }

    @Override
    public final boolean isClosed() {
        return stack.locked(() -> closed);
    }

    @Override
    public final void close() {
        stack.locked(() -> {
            end();
            return closed;
        });
    }

    private void end() {
        if (closed) {
            return;
        }
        closed = true;
        List.copyOf(owned.reversed()).forEach(Owned::end);
        owners.forEach(owner -> owner.owned.remove(this));
        release();
        if (kind != null) {
            stack.counts().closed(kind);
        }
    }
}
