// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.util.EnumSet;
import java.util.Set;

/// What a device may do to a memory region. Reading for the process that registered it is always allowed.
public enum Access {
    /// Write for the process that registered it: what was received or read from afar.
    LOCAL_WRITE(1),
    /// Write for a peer. Needs [#LOCAL_WRITE].
    REMOTE_WRITE(2),
    /// Read for a peer.
    REMOTE_READ(4),
    /// Compare and swap, fetch and add for a peer. Needs [#LOCAL_WRITE].
    REMOTE_ATOMIC(8);

    private final int flag;

    Access(int flag) {
        this.flag = flag;
    }

    /// From what verbs have.
    static Set<Access> of(int flags) {
        Set<Access> access = EnumSet.noneOf(Access.class);
        int left = flags;
        for (Access one : values()) {
            if ((flags & one.flag) != 0) {
                access.add(one);
                left -= one.flag;
            }
        }
        if (left != 0) {
            throw new IllegalArgumentException("there is no such access: flags=" + left + "; leave it out");
        }
        return access;
    }

    /// As verbs have them.
    static int flags(Set<Access> access) {
        if ((access.contains(REMOTE_WRITE) || access.contains(REMOTE_ATOMIC)) && !access.contains(LOCAL_WRITE)) {
            throw new IllegalArgumentException(
                    "what a peer may write must be writable here: access=" + access + "; add LOCAL_WRITE");
        }
        return access.stream().mapToInt(one -> one.flag).sum();
    }
}
