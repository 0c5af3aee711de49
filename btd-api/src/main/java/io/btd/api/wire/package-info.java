// SPDX-License-Identifier: Apache-2.0

/// What clients and nodes say to each other: frames, requests, responses, and their bytes. `docs/spec/wire.md`
/// defines it and outranks this code.
@NullMarked
package io.btd.api.wire;

import org.jspecify.annotations.NullMarked;
