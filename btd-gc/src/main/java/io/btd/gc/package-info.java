// SPDX-License-Identifier: Apache-2.0

/// What happens to an arena after an unclean end: [io.btd.gc.Recovery] replays, [io.btd.gc.Marker] marks from
/// the roots, [io.btd.gc.Sweeper] gives back what nothing reaches. [io.btd.gc.Checker] looks without touching.
@NullMarked
package io.btd.gc;

import org.jspecify.annotations.NullMarked;
