// SPDX-License-Identifier: Apache-2.0

/// The heap of one arena: superblocks of equal blocks over pages, magazines per thread over superblocks.
///
/// What is *persistent*: run heads ([io.btd.heap.RunTable]), layouts ([io.btd.heap.LayoutTable]), roots
/// ([io.btd.heap.RootSlots], [io.btd.heap.RootDirectory]). What is *rebuilt*: which blocks live
/// ([io.btd.heap.Superblock]), everything per thread ([io.btd.heap.ThreadHeap]). [io.btd.heap.Heap] is the
/// face of it.
///
/// Sources: Berger et al., "Hoard", ASPLOS 2000; Bhandari et al., "Makalu", OOPSLA 2016; Cai et al.,
/// "Understanding and Optimizing Persistent Memory Allocation" (Ralloc), ISMM 2020.
@NullMarked
package io.btd.heap;

import org.jspecify.annotations.NullMarked;
