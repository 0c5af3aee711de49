// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

/// A session that was opened and not closed.
///
/// @param id never 0, and never used twice in an arena
/// @param clientHigh the high half of the client's name
/// @param clientLow the low half of the client's name
/// @param leaseMillis how long it lives without being heard of, in milliseconds
/// @param generation the arena's generation when it was opened
public record SessionRecord(long id, long clientHigh, long clientLow, long leaseMillis, long generation) {}
