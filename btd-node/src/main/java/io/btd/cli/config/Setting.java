// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.config;

import io.btd.api.BtdException;

/// A value somebody gave to a key.
///
/// @param key the key
/// @param text the value as it was written
/// @param value what it means, of the type [ConfigKey#parse] makes
/// @param source where it was written: `default`, `btd.conf:3`, `BTD_NODE`, `--set`
public record Setting(ConfigKey key, String text, Object value, String source) {

    /// The source of what nobody gave.
    public static final String DEFAULT = "default";

    /// Reads and checks a value.
    ///
    /// @throws BtdException.InvalidConfig naming key, value and source
    static Setting of(ConfigKey key, String text, String source) {
        try {
            return new Setting(key, text, key.parse(text), source);
        } catch (BtdException refused) {
            throw new BtdException.InvalidConfig(
                    "bad value: key=" + key.key() + ", value=" + key.shown(text) + ", from=" + source, refused.hint());
        }
    }
}
