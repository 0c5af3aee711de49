// SPDX-License-Identifier: Apache-2.0

/// Verbs of rdma-core, called from Java: `docs/spec/rdma.md` says how. [Verbs] opens the libraries; what it makes are
/// [Resource]s, which close what they own. Posting and polling allocate nothing.
@NullMarked
package io.btd.transport.rdma.verbs;

import org.jspecify.annotations.NullMarked;
