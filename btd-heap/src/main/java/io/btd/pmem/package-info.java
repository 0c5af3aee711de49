// SPDX-License-Identifier: Apache-2.0

/// The one gateway to persistent memory, and the arena file under it.
///
/// - [io.btd.pmem.PersistentMemory]: every load, store, write-back and fence of an arena goes through it
/// - [io.btd.pmem.MemoryHook]: what a test sees of them
/// - [io.btd.pmem.Interleaving]: where threads meet outside of persistent memory, as a test sees it
/// - [io.btd.pmem.Medium]: where the bytes are: a mapped file or plain memory
/// - [io.btd.pmem.ArenaFile]: an arena on a medium: header, geometry, ownership, clean and dirty
/// - [io.btd.pmem.Libc], [io.btd.pmem.FlushInstructions]: the only native calls
@NullMarked
package io.btd.pmem;

import org.jspecify.annotations.NullMarked;
