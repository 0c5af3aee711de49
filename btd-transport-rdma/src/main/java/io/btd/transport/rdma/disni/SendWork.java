// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.disni;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.SVCPostSend;

/// What DiSNI's handle of a prepared send request lacks. Those of the providers here are such.
public interface SendWork extends SVCPostSend.SendWRMod {
    /// The number that goes with a SEND or WRITE with immediate.
    void setImm_data(int immediate);

    /// The operands of an atomic: what is set here goes with the next post.
    IbvSendWR.Atomic getAtomic();
}
