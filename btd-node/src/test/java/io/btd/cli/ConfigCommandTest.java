// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.btd.cli.config.ConfigKey;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {

    @TempDir
    private Path folder;

    @Test
    void listsEveryKeyWithMeaningAndSource() {
        String out = CommandLineRun.of(folder, "config", "--set", "node=7").out();
        for (ConfigKey key : ConfigKey.values()) {
            assertThat(out).contains(key.key() + " ", key.meaning(), key.defaultText());
        }
        assertThat(out).contains("now 7   (--set)", "default 1");
        assertThat(out.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void listsEveryKeyAsJson() {
        Config json = ConfigFactory.parseString(
                CommandLineRun.of(folder, "config", "--json", "--set", "node=7").out());
        assertThat(json.root().keySet()).containsExactlyInAnyOrderElementsOf(ConfigKey.keys());
        assertThat(json.getString("node.value")).isEqualTo("7");
        assertThat(json.getString("node.source")).isEqualTo("--set");
        assertThat(json.getString("node.default")).isEqualTo("1");
    }
}
