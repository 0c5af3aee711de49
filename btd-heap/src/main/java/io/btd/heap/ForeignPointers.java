// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.api.GlobalPointer;

/// A call would store pointers to blocks of other nodes, which were not exported there yet. Nothing has changed: the
/// call is repeated once they were. For the node's own use; no client ever sees it.
public final class ForeignPointers extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final long[] pointers;

    /// Found these.
    public ForeignPointers(long... pointers) {
        super(
                "export first: pointers=" + pointers.length + ", first=" + GlobalPointer.toString(pointers[0]),
                null,
                false,
                false);
        this.pointers = pointers.clone();
    }

    /// The pointers, each once.
    public long[] pointers() {
        return pointers.clone();
    }
}
