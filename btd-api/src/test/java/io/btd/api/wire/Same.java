// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Whether two messages say the same. Records with arrays, segments or errors in them are not equal by themselves.
final class Same {
    private Same() {}

    static boolean as(Object one, Object other) {
        return switch (one) {
            case long[] longs -> other instanceof long[] others && Arrays.equals(longs, others);
            case byte[] bytes -> other instanceof byte[] others && Arrays.equals(bytes, others);
            case MemorySegment bytes -> other instanceof MemorySegment others && bytes.mismatch(others) == -1;
            case BtdException error -> other instanceof BtdException others && errors(error, others);
            case List<?> list -> other instanceof List<?> others && lists(list, others);
            case Record message -> message.getClass() == other.getClass() && components(message, other);
            default -> one.equals(other);
        };
    }

    private static boolean lists(List<?> one, List<?> other) {
        boolean same = one.size() == other.size();
        for (int i = 0; same && i < one.size(); i++) {
            same = as(one.get(i), other.get(i));
        }
        return same;
    }

    private static boolean components(Record one, Object other) {
        for (RecordComponent component : one.getClass().getRecordComponents()) {
            try {
                if (!as(
                        component.getAccessor().invoke(one),
                        component.getAccessor().invoke(other))) {
                    return false;
                }
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(component.toString(), e);
            }
        }
        return true;
    }

    private static boolean errors(BtdException one, BtdException other) {
        return one.getClass() == other.getClass()
                && one.code() == other.code()
                && one.pointer() == other.pointer()
                && one.node() == other.node()
                && Objects.equals(one.getMessage(), other.getMessage())
                && one.hint().equals(other.hint())
                && Objects.equals(more(one), more(other));
    }

    /// What only some kinds have.
    private static Object more(BtdException error) {
        return switch (error) {
            case BtdException.InvalidPointer pointer -> pointer.fault();
            case BtdException.ArenaUnusable arena -> arena.fault();
            case BtdException.Full full -> full.largest();
            case BtdException.ArenaOwned owned -> owned.owner();
            default -> "";
        };
    }
}
