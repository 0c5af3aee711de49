// SPDX-License-Identifier: Apache-2.0
package io.btd.membership;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Which machine this is: two processes have the same text exactly when they run on the same boot of the same
/// machine, and so reach each other's Unix domain sockets.
public final class Host {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String HERE = name() + "/" + boot();

    private Host() {}

    /// The identity of this machine.
    public static String here() {
        return HERE;
    }

    private static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    private static String boot() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException elsewhere) {
            return "";
        }
    }
}
