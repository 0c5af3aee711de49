// SPDX-License-Identifier: Apache-2.0

/// What a node does with frames: handshake, requests, answers. `docs/internals/node.md` follows one request through it.
@NullMarked
package io.btd.node.serve;

import org.jspecify.annotations.NullMarked;
