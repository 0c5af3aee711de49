// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    @ParameterizedTest
    @CsvSource({"a, a, 0", "'', abc, 3", "kitten, sitting, 3", "tset, test, 1", "cpacity, capacity, 1"})
    void countsInsertionsRemovalsReplacementsAndSwaps(String a, String b, int distance) {
        assertThat(Nearest.distance(a, b)).isEqualTo(distance);
        assertThat(Nearest.distance(b, a)).isEqualTo(distance);
    }

    @Test
    void suggestsOnlyWhatIsNear() {
        List<String> words = List.of("arena", "arena-id", "capacity");
        assertThat(Nearest.to("arean", words)).contains("arena");
        assertThat(Nearest.to("capa", words)).contains("capacity");
        assertThat(Nearest.to("replicas", words)).isEmpty();
        assertThat(Nearest.to("x", words)).isEmpty();
    }
}
