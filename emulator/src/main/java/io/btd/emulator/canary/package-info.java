// SPDX-License-Identifier: Apache-2.0

/// Planted bugs: one of each kind that crash consistency knows, in front of a heap that has none. A search that does
/// not find
/// them is not worth believing when it finds nothing.
@NullMarked
package io.btd.emulator.canary;

import org.jspecify.annotations.NullMarked;
