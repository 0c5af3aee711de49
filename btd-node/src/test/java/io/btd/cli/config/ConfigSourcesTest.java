// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.btd.api.ArenaConfig;
import io.btd.api.BtdConfig;
import io.btd.api.BtdException;
import io.btd.api.PersistenceDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigSourcesTest {

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("btd.conf");
    }

    @Test
    void defaultsAreThoseOfTheApi() {
        ArenaConfig fromKeys = load(Map.of(), "arena=a").embedded();
        assertThat(fromKeys).isEqualTo(BtdConfig.embedded(Path.of("a"), ArenaConfig.DEFAULT_CAPACITY));
    }

    @Test
    void everyKeyReachesTheConfiguration() throws IOException {
        Files.writeString(file, """
                arena = /dev/shm/a      # a comment
                capacity = 128 MiB
                node = 7, arena-id = 9
                create = no
                domain : cache-line
                "zero-on-free" : true
                """);
        assertThat(load(Map.of()).embedded())
                .isEqualTo(new ArenaConfig(
                        Path.of("/dev/shm/a"),
                        128L << 20,
                        7,
                        9,
                        false,
                        Optional.of(PersistenceDomain.CACHE_LINE),
                        true));
    }

    @Test
    void laterSourcesWin() throws IOException {
        Files.writeString(file, "node = 2\narena-id = 2\ncapacity = 2MiB\n");
        Settings settings = load(Map.of("BTD_ARENA_ID", "3", "BTD_CAPACITY", "3MiB"), "capacity=4MiB");
        assertThat(said(settings, ConfigKey.NODE)).isEqualTo("2 from " + file + ":1");
        assertThat(said(settings, ConfigKey.ARENA_ID)).isEqualTo("3 from BTD_ARENA_ID");
        assertThat(said(settings, ConfigKey.CAPACITY)).isEqualTo("4MiB from --set");
        assertThat(said(settings, ConfigKey.CREATE)).isEqualTo("true from default");
    }

    @Test
    void aFileIsLookedForInOrder() throws IOException {
        Path xdg = Files.createDirectories(folder.resolve("xdg/btd")).resolve("btd.conf");
        Path named = folder.resolve("named.conf");
        Path variable = folder.resolve("variable.conf");
        Map<String, String> environment =
                Map.of("XDG_CONFIG_HOME", folder.resolve("xdg").toString());
        assertThat(new ConfigSources(environment, folder).file(Optional.empty()))
                .isEmpty();
        Files.writeString(xdg, "");
        assertThat(new ConfigSources(environment, folder).file(Optional.empty()))
                .contains(xdg);
        Files.writeString(file, "");
        assertThat(new ConfigSources(environment, folder).file(Optional.empty()))
                .contains(file);
        Files.writeString(variable, "");
        ConfigSources sources = new ConfigSources(Map.of("BTD_CONFIG", variable.toString()), folder);
        assertThat(sources.file(Optional.empty())).contains(variable);
        Files.writeString(named, "");
        assertThat(sources.file(Optional.of(named))).contains(named);
        Path home = Files.createDirectories(folder.resolve("home/.config/btd")).resolve("btd.conf");
        Files.writeString(home, "");
        Map<String, String> onlyHome = Map.of("HOME", folder.resolve("home").toString());
        assertThat(new ConfigSources(onlyHome, folder.resolve("elsewhere")).file(Optional.empty()))
                .contains(home);
    }

    @Test
    void variablesOfTheLauncherAndEmptyOnesAreNoKeys() {
        Map<String, String> environment =
                Map.of("BTD_JAVA_HOME", "x", "BTD_JAVA_OPTS", "x", "BTD_BUILD", "never", "BTD_NODE", "", "OTHER", "x");
        assertThat(said(load(environment), ConfigKey.NODE)).isEqualTo("1 from default");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            capcity = 1MiB         | unknown key: key=capcity, from=FILE:2; did you mean capacity?
            replicas = 1           | unknown key: key=replicas, from=FILE:2; btd config lists all keys
            node { id = 1 }        | unknown key: key=node.id, from=FILE:2
            node = [1, 2]          | bad value: key=node, from=FILE:2; write one word or number
            node = 0               | bad value: key=node, value=0, from=FILE:2; use 1..4095
            node = 1.5             | bad value: key=node, value=1.5, from=FILE:2; use 1..4095
            arena-id = 256         | bad value: key=arena-id, value=256, from=FILE:2; use 1..255
            capacity = 1KiB        | bad value: key=capacity, value=1KiB, from=FILE:2; use 1 MiB to 2 TiB
            capacity = much        | bad value: key=capacity, value=much, from=FILE:2; write bytes or a number
            create = maybe         | bad value: key=create, value=maybe, from=FILE:2; use true or false
            domain = disk          | bad value: key=domain, value=disk, from=FILE:2; use cache-line, eadr
            arena = ""             | bad value: key=arena, value=, from=FILE:2; give the path of a file
            node                   | cannot read configuration: FILE:
            node = ${nowhere}      | cannot read configuration: FILE:2
            """)
    void mistakesInTheFileAreToldWithTheirPlace(String line, String message) throws IOException {
        Files.writeString(file, "# a comment\n" + line + "\n");
        assertThatExceptionOfType(BtdException.InvalidConfig.class)
                .isThrownBy(() -> load(Map.of()))
                .withMessageStartingWith(message.replace("FILE", file.toString()));
    }

    @Test
    void mistakesElsewhereAreToldWithTheirPlace() {
        refused(Map.of("BTD_ARENA_IDD", "1"), "unknown key: key=arena-idd, from=BTD_ARENA_IDD; did you mean arena-id?");
        refused(Map.of("BTD_NODE", "x"), "bad value: key=node, value=x, from=BTD_NODE; use 1..4095");
        refused(Map.of(), "unknown key: key=nod, from=--set; did you mean node?", "nod=1");
        refused(Map.of(), "bad value: key=node, value=, from=--set; use 1..4095", "node=");
        refused(Map.of(), "no value: text=node, from=--set; write --set key=value", "node");
        refused(Map.of("BTD_CONFIG", "/absent"), "no such configuration file: file=/absent, from=BTD_CONFIG");
    }

    @Test
    void anArenaMustBeNamedWhereOneIsOpened() {
        Settings settings = load(Map.of());
        assertThatExceptionOfType(BtdException.InvalidConfig.class)
                .isThrownBy(settings::embedded)
                .withMessageContaining("--arena FILE");
    }

    private void refused(Map<String, String> environment, String message, String... sets) {
        assertThatExceptionOfType(BtdException.InvalidConfig.class)
                .isThrownBy(() -> load(environment, sets))
                .withMessageStartingWith(message);
    }

    private Settings load(Map<String, String> environment, String... sets) {
        return new ConfigSources(environment, folder).load(Optional.empty(), List.of(sets));
    }

    private static String said(Settings settings, ConfigKey key) {
        Setting setting = settings.get(key).orElseThrow();
        return setting.text() + " from " + setting.source();
    }
}
