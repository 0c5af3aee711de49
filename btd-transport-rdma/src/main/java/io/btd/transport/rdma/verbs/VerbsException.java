// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.io.IOException;

/// A call that rdma-core, the C library or the device refused.
public class VerbsException extends IOException {
    private static final long serialVersionUID = 1L;

    /// The error number of a call that would have had to wait.
    static final int EAGAIN = 11;

    static final int EINTR = 4;
    static final int ENOMEM = 12;
    static final int ENODEV = 19;
    static final int ENOSYS = 38;
    static final int EOPNOTSUPP = 95;

    private final int errno;

    VerbsException(String call, int errno) {
        super(call + " failed: errno=" + errno);
        this.errno = errno;
    }

    VerbsException(String call, int errno, String more) {
        super(call + " failed: errno=" + errno + ", " + more);
        this.errno = errno;
    }

    /// The error number, as in `errno.h`.
    public int errno() {
        return errno;
    }
}
