// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import io.btd.pmem.PersistSite;

/// Where the heap persists something.
public enum HeapSite implements PersistSite {
    /// The head of a run, before its first block leaves.
    RUN_PUBLISH(301, "a published block's superblock is found after a crash"),
    /// The clearing of a run's head, before its pages may serve another run.
    RUN_RETIRE(302, "two runs never claim the same page"),
    /// The record of a layout, before it counts.
    LAYOUT_RECORD(303, "a layout that counts is whole"),
    /// The end of the layout table.
    LAYOUT_COUNT(304, "a typed superblock's layout is known after a crash"),
    /// A block's bytes, before a pointer to it.
    BLOCK_BEFORE_POINTER(305, "a reachable block holds what was written and no words of a former life"),
    /// A root slot.
    ROOT_SLOT(307, "a set-once root survives, for the winner and for those who saw it"),
    /// A freed block, when freed blocks are wiped.
    WIPE(310, "a freed block holds nothing of its former life"),
    /// The link of a directory entry or node.
    DIRECTORY_LINK(309, "a name that was put, replaced or removed stays so"),
    /// The record of a session.
    SESSION_RECORD(311, "a session that was opened stays known, one that was closed does not come back"),
    /// The link to a new chunk of session records, or its removal.
    SESSION_LINK(312, "the chunk that holds a session's record is found after a crash"),
    /// What a session was given, before it is told.
    HELD(313, "a block that is declared after a crash holds no words of a former life"),
    /// The mark of a run whose blocks other nodes may refer to.
    RUN_EXPORT(314, "a block that another node refers to is not given back by its own node alone");

    private final int number;
    private final String protects;

    HeapSite(int number, String protects) {
        this.number = number;
        this.protects = protects;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public String protects() {
        return protects;
    }
}
