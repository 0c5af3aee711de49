// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

/// What "persistent" means for one arena: how far a store must have travelled to survive. Detected when
/// the arena is opened, reported by `stat`, and forced with `BTD_DOMAIN` or the key `domain`.
public enum PersistenceDomain {
    /// A DAX mapping: a store survives power loss once its cache line was written back and fenced.
    CACHE_LINE,
    /// The caches are inside the domain: a fence is enough.
    EADR,
    /// A ramdisk: stores survive the process, not the machine.
    PROCESS,
    /// An ordinary file: the pages must have been synchronised.
    PAGE;

    /// The domain called `text` in configuration: `cache-line`, `eadr`, `process`, `page`.
    ///
    /// @throws BtdException.InvalidConfig for any other word
    public static PersistenceDomain parse(String text) {
        for (PersistenceDomain domain : values()) {
            if (domain.configName().equals(text)) {
                return domain;
            }
        }
        throw new BtdException.InvalidConfig(
                "unknown persistence domain: domain=" + text, "use cache-line, eadr, process or page");
    }

    /// The word for this domain in configuration.
    public String configName() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
