// SPDX-License-Identifier: Apache-2.0

/// Sessions of a node: their records and leases, what each holds, and the answers it has not acknowledged. Knows
/// nothing of frames; `docs/spec/wire.md` says what must hold.
@NullMarked
package io.btd.node.session;

import org.jspecify.annotations.NullMarked;
