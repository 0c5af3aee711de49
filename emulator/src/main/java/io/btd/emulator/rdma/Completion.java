// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

import com.ibm.disni.verbs.IbvWC;

/// How a request ended.
///
/// @param frees which of the queue pair's requests are over when this is read: the send requests up to this number, or
///     a receive where it is [#RECEIVE]
/// @param solicited whether the peer asked to ring
record Completion(
        Pair pair,
        long id,
        IbvWC.IbvWcStatus status,
        IbvWC.IbvWcOpcode opcode,
        long bytes,
        int immediate,
        boolean hasImmediate,
        boolean solicited,
        long frees) {
    static final long RECEIVE = -1;
    private static final int WITH_IMMEDIATE = 2;

    /// Whether a queue rings for it that rings for what was asked for only.
    boolean matters() {
        return solicited || status != IbvWC.IbvWcStatus.IBV_WC_SUCCESS;
    }

    /// Of one that failed, an adapter says no more than this. DiSNI's numbers of statuses are their places.
    @SuppressWarnings("EnumOrdinal")
    void write(IbvWC into) {
        into.setWr_id(id);
        into.setStatus(status.ordinal());
        into.setQp_num(pair.number());
        into.setVendor_err(0);
        if (status == IbvWC.IbvWcStatus.IBV_WC_SUCCESS) {
            into.setOpcode(opcode.getOpcode());
            into.setByte_len((int) bytes);
            into.setImm_data(immediate);
            into.setWc_flags(hasImmediate ? WITH_IMMEDIATE : 0);
        }
    }
}
