// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import io.btd.api.Layout;
import io.btd.api.ScanKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// A block as the program knows it. Immutable: a change makes another cell.
///
/// @param layout of a typed block
/// @param content what it holds, as many bytes as were asked for; nobody changes the array
@SuppressWarnings("ArrayRecordComponent") // cells are compared by their hashes
record Cell(long pointer, ScanKind kind, @Nullable Layout layout, byte[] content) {

    int words() {
        return content.length / Long.BYTES;
    }

    long word(int index) {
        return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong(index * Long.BYTES);
    }

    /// Whether the recovery looks for a pointer in a word.
    boolean mayPoint(int word) {
        return switch (kind) {
            case OPAQUE -> false;
            case POINTERS -> true;
            case TYPED -> typedPointer(word * 8L);
        };
    }

    private boolean typedPointer(long offset) {
        Layout shape = java.util.Objects.requireNonNull(layout);
        if (offset >= shape.size() && !shape.repeated()) {
            return false;
        }
        long element = offset / shape.size();
        return (element + 1) * shape.size() <= content.length
                && shape.pointerOffsets().contains(offset % shape.size());
    }

    /// The same with other bytes from `at` on.
    Cell with(int at, byte[] bytes) {
        byte[] changed = content.clone();
        System.arraycopy(bytes, 0, changed, at, bytes.length);
        return new Cell(pointer, kind, layout, changed);
    }

    /// The same with another word.
    Cell with(int word, long value) {
        return with(word * Long.BYTES, bytes(value));
    }

    static byte[] bytes(long... words) {
        ByteBuffer buffer = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            buffer.putLong(word);
        }
        return buffer.array();
    }

    /// Of content, kind and name.
    long hash() {
        long hash = pointer + kind.name().hashCode();
        for (int i = 0; i < words(); i++) {
            hash = io.btd.emulator.crash.ImageHash.mix(hash + word(i) + 0x9e3779b97f4a7c15L);
        }
        return hash;
    }
}
