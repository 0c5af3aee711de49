// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.btd.api.BtdException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Collects the configuration: defaults, then one HOCON file, then `BTD_*` variables, then `--set`; the
/// later one wins. Whatever is unknown or unreadable anywhere is refused, with its place.
///
/// @param variables the environment
/// @param folder the current folder, where `btd.conf` is looked for
public record ConfigSources(Map<String, String> variables, Path folder) {

    /// What the variables of btd begin with.
    static final String PREFIX = "BTD_";

    /// The name of the file where none is given.
    static final String FILE = "btd.conf";

    private static final String FILE_VARIABLE = "BTD_CONFIG";

    /// Variables of the launcher, which are no keys.
    private static final Set<String> RESERVED = Set.of(FILE_VARIABLE, "BTD_JAVA_HOME", "BTD_JAVA_OPTS", "BTD_BUILD");

    /// What this process was started with.
    public static ConfigSources ofProcess() {
        return new ConfigSources(System.getenv(), Path.of(""));
    }

    /// Reads everything.
    ///
    /// @param named the file given with `--config`; empty to look for one
    /// @param sets what was given with `--set`, each `key=value`
    /// @throws BtdException.InvalidConfig for an unknown key, a bad value, or a file that cannot be read
    public Settings load(Optional<Path> named, List<String> sets) {
        Map<ConfigKey, Setting> settings = new EnumMap<>(ConfigKey.class);
        for (ConfigKey key : ConfigKey.values()) {
            if (!key.defaultText().isEmpty()) {
                settings.put(key, Setting.of(key, key.defaultText(), Setting.DEFAULT));
            }
        }
        file(named).ifPresent(file -> readFile(file, settings));
        readVariables(settings);
        sets.forEach(set -> readSet(set, settings));
        return new Settings(settings);
    }

    /// The file that [#load] would read.
    public Optional<Path> file(Optional<Path> named) {
        if (named.isPresent()) {
            return named.map(file -> required(file, "--config"));
        }
        String variable = variables.getOrDefault(FILE_VARIABLE, "");
        if (!variable.isEmpty()) {
            return Optional.of(required(Path.of(variable), FILE_VARIABLE));
        }
        String home = variables.getOrDefault("HOME", "");
        String userConfig = variables.getOrDefault("XDG_CONFIG_HOME", home.isEmpty() ? "" : home + "/.config");
        Path here = folder.resolve(FILE);
        if (Files.exists(here) || userConfig.isEmpty()) {
            return Optional.of(here).filter(Files::exists);
        }
        return Optional.of(Path.of(userConfig, "btd", FILE)).filter(Files::exists);
    }

    private static Path required(Path file, String source) {
        if (!Files.isRegularFile(file)) {
            throw new BtdException.InvalidConfig(
                    "no such configuration file: file=" + file + ", from=" + source, "correct the path");
        }
        return file;
    }

    private static void readFile(Path file, Map<ConfigKey, Setting> settings) {
        Map<String, ConfigValue> entries = new TreeMap<>();
        try {
            Config config = ConfigFactory.parseFile(file.toFile()).resolve();
            config.entrySet().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        } catch (ConfigException unreadable) {
            throw new BtdException.InvalidConfig(
                    "cannot read configuration: " + place(file, unreadable.origin()) + ": " + reason(unreadable),
                    "write lines like capacity = 64MiB");
        }
        entries.forEach((path, value) -> {
            String source = place(file, value.origin());
            ConfigKey key = known(String.join(".", ConfigUtil.splitPath(path)), source);
            settings.put(
                    key,
                    switch (value.valueType()) {
                        case STRING, NUMBER, BOOLEAN -> Setting.of(key, String.valueOf(value.unwrapped()), source);
                        case LIST, OBJECT, NULL ->
                            throw new BtdException.InvalidConfig(
                                    "bad value: key=" + key.key() + ", from=" + source, "write one word or number");
                    });
        });
    }

    private static String place(Path file, ConfigOrigin origin) {
        return origin == null || origin.lineNumber() < 1 ? file.toString() : file + ":" + origin.lineNumber();
    }

    private static String reason(ConfigException unreadable) {
        // "path/btd.conf: 3: Expecting ..., but got ... (long advice)": the place is said already
        String message = String.valueOf(unreadable.getMessage());
        String reason = message.replaceFirst("^.*?: [0-9]+: ", "").replaceFirst("\\s*\\(.*", "");
        return reason.isBlank() ? message : reason;
    }

    private void readVariables(Map<ConfigKey, Setting> settings) {
        new TreeMap<>(variables).forEach((variable, text) -> {
            if (variable.startsWith(PREFIX) && !RESERVED.contains(variable) && !text.isEmpty()) {
                String name = variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
                ConfigKey key = known(name.replace('_', '-'), variable);
                settings.put(key, Setting.of(key, text, variable));
            }
        });
    }

    private static void readSet(String set, Map<ConfigKey, Setting> settings) {
        int equals = set.indexOf('=');
        if (equals < 0) {
            throw new BtdException.InvalidConfig("no value: text=" + set + ", from=--set", "write --set key=value");
        }
        ConfigKey key = known(set.substring(0, equals).strip(), "--set");
        settings.put(key, Setting.of(key, set.substring(equals + 1).strip(), "--set"));
    }

    private static ConfigKey known(String text, String source) {
        return ConfigKey.of(text)
                .orElseThrow(() -> new BtdException.InvalidConfig(
                        "unknown key: key=" + text + ", from=" + source,
                        Nearest.to(text, ConfigKey.keys())
                                .map(near -> "did you mean " + near + "? btd config lists all keys")
                                .orElse("btd config lists all keys")));
    }
}
