// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;

/// Prints numbers, strings, booleans, lists and maps as JSON; keys come out sorted.
public final class Json {
    private static final ConfigRenderOptions INDENTED =
            ConfigRenderOptions.concise().setFormatted(true);

    private Json() {}

    /// One value, over several lines.
    public static String of(Object value) {
        return ConfigValueFactory.fromAnyRef(value).render(INDENTED).stripTrailing();
    }
}
