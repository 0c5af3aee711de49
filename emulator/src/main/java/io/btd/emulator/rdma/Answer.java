// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.verbs.IbvWC.IbvWcStatus;

/// What comes back of a request, and how the request ends with it.
enum Answer {
    /// It was done.
    DONE(IbvWcStatus.IBV_WC_SUCCESS),
    /// There is nowhere to receive it; for the last time.
    NOT_READY(IbvWcStatus.IBV_WC_RNR_RETRY_EXC_ERR),
    /// Nothing came back, however often it was sent.
    NONE(IbvWcStatus.IBV_WC_RETRY_EXC_ERR),
    /// The key, the range or the access is not allowed.
    NO_ACCESS(IbvWcStatus.IBV_WC_REM_ACCESS_ERR),
    /// The peer cannot do that.
    INVALID(IbvWcStatus.IBV_WC_REM_INV_REQ_ERR),
    /// The peer failed at it.
    FAILED(IbvWcStatus.IBV_WC_REM_OP_ERR);

    private final IbvWcStatus status;

    Answer(IbvWcStatus status) {
        this.status = status;
    }

    IbvWcStatus status() {
        return status;
    }
}
