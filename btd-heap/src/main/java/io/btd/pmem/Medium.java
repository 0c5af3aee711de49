// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

/// Where the bytes of an arena are. Thread-safe. Memory must be reserved before it is touched.
public sealed interface Medium permits FileMedium, MemoryMedium {

    /// The bytes.
    PersistentMemory memory();

    /// What messages call it: the path of a file.
    String name();

    /// Reserves memory for a range; returns false when the medium is full. Repeating it is harmless.
    boolean reserve(long offset, long bytes);

    /// Gives the memory of a range back; it reads as zeros afterwards.
    void punch(long offset, long bytes);

    /// Keeps the bytes mapped until [#release], beyond [#close]; false once they are gone.
    boolean retain();

    /// Undoes one [#retain].
    void release();

    /// Gives up the bytes, once nobody retains them.
    void close();
}
