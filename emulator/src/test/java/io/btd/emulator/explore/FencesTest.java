// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The page of fences is what the code says.
class FencesTest {

    @Test
    void thePageIsMadeFromTheSites() throws IOException {
        Path page = Path.of(System.getProperty("btd.root", ".."), "docs", "internals", "fences.md");
        assertThat(Files.readString(page))
                .as("to make it anew: ./btd explore --fences > docs/internals/fences.md")
                .isEqualTo(Fences.page());
    }

    @Test
    void everySiteIsOnThePage() {
        MutantHunt.sites()
                .forEach(site -> assertThat(Fences.page())
                        .contains("| " + site.number() + " `" + site.getClass().getSimpleName() + "." + site.name()));
    }
}
