// SPDX-License-Identifier: Apache-2.0
package io.btd.client;

/// A node as the router sees it.
///
/// @param node its id
/// @param here whether it runs on the caller's host
/// @param available bytes that were free when it was heard of last
/// @param reachable whether the last attempt to talk to it went well, as far as there was one
record Candidate(int node, boolean here, long available, boolean reachable) {}
