// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import java.io.IOException;

/// A call that an adapter or the kernel would have refused.
public final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    static final int ENOMEM = 12;
    static final int EFAULT = 14;
    static final int EINVAL = 22;
    static final int EADDRINUSE = 98;
    static final int ETIMEDOUT = 110;

    private final int errno;

    Refused(String call, int errno, String why) {
        super(call + " failed: errno=" + errno + ", " + why);
        this.errno = errno;
    }

    /// The error number, as in `errno.h`.
    public int errno() {
        return errno;
    }
}
