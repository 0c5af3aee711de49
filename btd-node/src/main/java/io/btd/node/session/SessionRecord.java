// SPDX-License-Identifier: Apache-2.0
package io.btd.node.session;

/// What is persistent of a session.
///
/// @param number given by the node, never 0, never given twice
/// @param clientHigh identity of the client process
/// @param clientLow the other half
public record SessionRecord(long number, long clientHigh, long clientLow) {}
