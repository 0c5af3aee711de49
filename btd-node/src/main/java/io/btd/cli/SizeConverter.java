// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.cli.config.ByteSize;
import picocli.CommandLine.ITypeConverter;

/// Reads a size like `100` or `64KiB` from the command line.
final class SizeConverter implements ITypeConverter<ByteSize> {
    @Override
    public ByteSize convert(String text) {
        return ByteSize.parse(text);
    }
}
