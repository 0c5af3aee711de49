// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.proxy;

/// What becomes of those who connect to a [ByteProxy]. Connections that are there stay as they are.
public enum Admission {
    /// They are connected through.
    OPEN,
    /// The kernel refuses them, as if nobody listened.
    REFUSED,
    /// They are accepted, and nobody ever answers or reads.
    SILENT
}
