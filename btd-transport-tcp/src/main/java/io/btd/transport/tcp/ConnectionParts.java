// SPDX-License-Identifier: Apache-2.0
package io.btd.transport.tcp;

import io.btd.api.transport.TransportOptions;

/// What the connections of one transport share.
///
/// @param transport its name
/// @param options its options
/// @param staging for frames that are arriving
record ConnectionParts(String transport, TransportOptions options, Staging staging) {}
