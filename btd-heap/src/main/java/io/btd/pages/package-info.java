// SPDX-License-Identifier: Apache-2.0

/// Page frames: the lower level of LLFree (Wrenger et al., "LLFree: Scalable and Optionally-Persistent Page-Frame
/// Allocation", USENIX ATC 2023).
///
/// - [io.btd.pages.PageBits]: the persistent bitfields, one cache line per 512 pages
/// - [io.btd.pages.PageAllocator]: lock-free allocation of runs over them
@NullMarked
package io.btd.pages;

import org.jspecify.annotations.NullMarked;
