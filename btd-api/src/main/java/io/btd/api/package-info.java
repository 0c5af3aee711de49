// SPDX-License-Identifier: Apache-2.0

/// What a program that uses btd sees: [io.btd.api.BtdCluster] and the few words it speaks in.
@NullMarked
package io.btd.api;

import org.jspecify.annotations.NullMarked;
