// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.cli.config.ConfigKey;
import io.btd.cli.config.Setting;
import io.btd.cli.config.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `btd config`: every key, with its meaning, its default, and the value in force with its source.
@Command(
        name = "config",
        description = {
            "List every configuration key.",
            "Values come from a file (--config FILE, BTD_CONFIG, ./btd.conf, ~/.config/btd/btd.conf: the first "
                    + "there is), then from BTD_* variables, then from --set; later ones win."
        })
public final class ConfigCommand implements Subcommand {

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Settings settings = Main.of(spec).settings();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> keys = new LinkedHashMap<>();
            for (ConfigKey key : ConfigKey.values()) {
                keys.put(
                        key.key(),
                        Map.of(
                                "default", key.defaultText(),
                                "meaning", key.meaning(),
                                "variable", key.variable(),
                                "value", text(settings, key),
                                "source", source(settings, key)));
            }
            out.println(Json.of(keys));
            return ExitCode.OK;
        }
        for (ConfigKey key : ConfigKey.values()) {
            String value = text(settings, key);
            String source = source(settings, key);
            out.printf("%-13s %s%n", key.key(), key.meaning());
            out.printf("%-13s now %s   (%s)%n", "", value.isEmpty() ? "-" : value, source);
            if (!source.equals(Setting.DEFAULT)) {
                out.printf("%-13s default %s%n", "", key.defaultText().isEmpty() ? "-" : key.defaultText());
            }
        }
        Optional<Path> file = Main.of(spec).settingsFile();
        out.println();
        out.println("File: " + file.map(Path::toString).orElse("none (lines like  capacity = 64MiB  in btd.conf)"));
        out.println("In the environment a key like arena-id is BTD_ARENA_ID; here --set arena-id=2.");
        return ExitCode.OK;
    }

    private static String text(Settings settings, ConfigKey key) {
        return settings.get(key).map(setting -> key.shown(setting.text())).orElse("");
    }

    private static String source(Settings settings, ConfigKey key) {
        return settings.get(key).map(Setting::source).orElse(Setting.DEFAULT);
    }
}
