// SPDX-License-Identifier: Apache-2.0
package io.btd.api.wire;

import io.btd.api.BtdException;
import io.btd.api.Durability;
import io.btd.api.NodeStat;
import io.btd.api.RecoveryReport;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// What a node answers. Which one belongs to which [Request] stands there; any request may be answered by
/// [Failed], and one that stores pointers by [ExportFirst].
@SuppressWarnings("ArrayRecordComponent") // messages are passed on, not compared
public sealed interface Response {

    /// It was done.
    record Done() implements Response {}

    /// A number, or a pointer.
    record Value(long value) implements Response {}

    /// Whether it was so.
    record Truth(boolean holds) implements Response {}

    /// Pointers.
    record Pointers(long[] pointers) implements Response {}

    /// Bytes; valid while the frame is.
    record Data(MemorySegment bytes) implements Response {}

    /// What a write achieved.
    record Durable(Durability durability) implements Response {}

    /// Names in the order of their bytes.
    ///
    /// @param more whether there are others behind them
    record Names(List<String> names, boolean more) implements Response {}

    /// How much room the node has.
    ///
    /// @param available bytes of pages free
    /// @param capacity bytes of pages in all
    /// @param takesSessions whether new sessions are welcome
    record Load(long available, long capacity, boolean takesSessions) implements Response {}

    /// The node's state.
    record State(NodeStat stat, RecoveryReport recovery) implements Response {}

    /// The answers to a batch's requests, in their order.
    record Results(List<Response> results) implements Response {}

    /// Nothing was done yet: the request stores these pointers to blocks of other nodes. They are to be
    /// exported there; then the request is made anew, with the flag `EXPORTED`.
    record ExportFirst(long[] pointers) implements Response {}

    /// Nothing was done.
    record Failed(BtdException error) implements Response {}
}
