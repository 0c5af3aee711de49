// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.demo;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.btd.api.BtdConfig;
import picocli.CommandLine;

/// Reads sizes as the configuration file does: `67108864`, `64M`, `64MiB`, `64 MB` (powers of ten).
final class ByteSize implements CommandLine.ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
        try {
            long bytes = ConfigFactory.empty()
                    .withValue("size", ConfigValueFactory.fromAnyRef(text))
                    .getBytes("size");
            if (bytes >= BtdConfig.MIN_CAPACITY) {
                return bytes;
            }
        } catch (ConfigException notASize) {
            // said below
        }
        throw new CommandLine.TypeConversionException(
                "not a capacity: size=" + text + "; write bytes, or a number and K, M or G, at least 1M");
    }
}
