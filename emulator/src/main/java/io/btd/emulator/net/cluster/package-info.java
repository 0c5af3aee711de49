// SPDX-License-Identifier: Apache-2.0

/// Clusters that can be broken: nodes in this process, and nodes in processes of their own. Clients reach both over TCP
/// through one proxy per client and node.
@NullMarked
package io.btd.emulator.net.cluster;

import org.jspecify.annotations.NullMarked;
