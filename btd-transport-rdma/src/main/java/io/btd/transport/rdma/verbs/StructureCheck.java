// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// Holds a structure that a library has made against what the library was told, so that a library with other structures
/// is
/// found out before anything else in them is believed.
final class StructureCheck {
    private final StructLayout layout;
    private final MemorySegment structure;

    StructureCheck(StructLayout layout, MemorySegment structure) {
        this.layout = layout;
        this.structure = structure;
    }

    /// The field has this value.
    StructureCheck has(String field, long expected) {
        return within(field, expected, expected);
    }

    /// The field has a value of this range, both ends included.
    StructureCheck within(String field, long least, long greatest) {
        long found = value(field);
        if (found < least || found > greatest) {
            throw Unavailable.wrongLayout(name(), field, least, found);
        }
        return this;
    }

    StructureCheck isNotNull(String field) {
        if (value(field) == 0) {
            throw Unavailable.wrongLayout(name(), field, 1, 0);
        }
        return this;
    }

    private String name() {
        return layout.name().orElse("");
    }

    private long value(String field) {
        VarHandle handle = Structures.handle(layout, field);
        return ((Number) handle.get(structure, 0L)).longValue();
    }
}
