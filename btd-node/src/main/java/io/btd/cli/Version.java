// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// What `btd --version` prints: of btd, of Java, of the system.
final class Version implements IVersionProvider {
    private static final String WRITTEN_BY_MAVEN = "/META-INF/maven/io.btd/btd-node/pom.properties";

    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream written = Version.class.getResourceAsStream(WRITTEN_BY_MAVEN)) {
            if (written != null) {
                properties.load(written);
            }
        }
        return new String[] {
            "btd " + properties.getProperty("version", "(not from a jar)"),
            "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
