// SPDX-License-Identifier: Apache-2.0
package io.btd.node;

import io.btd.cli.Ramdisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/// Makes the temporary folders of tests on the ramdisk where there is one: see `junit-platform.properties`.
public final class OnRamdisk implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
        return Ramdisk.makeFolder("btd-test-");
    }
}
