// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.proxy;

/// Which way bytes go through a [ByteProxy].
public enum Direction {
    /// From who connected to who is connected to.
    TO_SERVER,
    /// Back.
    TO_CLIENT
}
