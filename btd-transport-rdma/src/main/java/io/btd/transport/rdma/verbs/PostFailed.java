// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

/// A list of requests that the device did not take as a whole.
public final class PostFailed extends VerbsException {
    private static final long serialVersionUID = 1L;

    private final int accepted;

    PostFailed(String call, int errno, int accepted) {
        super(call, errno, "accepted=" + accepted);
        this.accepted = accepted;
    }

    /// How many requests from the beginning of the list were taken. They will complete; the others will not.
    public int accepted() {
        return accepted;
    }
}
