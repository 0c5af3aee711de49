// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.rdma.verbs;

/// What a queue pair is made for; the device may give more.
///
/// @param sends requests that may be under way
/// @param receives places to receive that may wait
/// @param sendPieces pieces of a send request
/// @param receivePieces pieces of a receive request
/// @param inlineBytes bytes of a request that may be inline
/// @param signalAll whether all send requests complete on the queue, not only those that say so
public record QueuePairOptions(
        int sends, int receives, int sendPieces, int receivePieces, int inlineBytes, boolean signalAll) {}
