// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.rdma;

/// An attempt at a send request.
///
/// @param opcode one of DiSNI's `IBV_WR_`
/// @param queuePair the number of the queue pair
/// @param sequence how many requests were posted on it before
/// @param attempt how often this one was tried before
public record FaultPoint(int opcode, int queuePair, long sequence, int attempt) {}
