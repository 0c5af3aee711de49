// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.cluster;

import java.lang.System.Logger;
import java.nio.file.Path;

/// Where a process that serves writes its log. Commands log nothing: what they have to say they print.
final class ProcessLog {
    private static final String CONFIGURATION = "io/btd/cli/cluster/process-logback.xml";

    private ProcessLog() {}

    /// Sends the log to `file`; to be called before anything is logged. A configuration that the user named
    /// (`-Dlogback.configurationFile`) is left alone.
    ///
    /// @return where the command logs
    static Logger to(Path file) {
        System.setProperty("btd.log", file.toString());
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", CONFIGURATION);
        }
        return System.getLogger(ProcessLog.class.getPackageName());
    }
}
