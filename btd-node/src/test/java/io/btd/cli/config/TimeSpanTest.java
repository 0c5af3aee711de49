// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.btd.api.BtdException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSpanTest {

    @ParameterizedTest
    @CsvSource({"500ms, 500", "10s, 10000", "10 S, 10000", "2min, 120000", "2m, 120000", "1h, 3600000", "0s, 0"})
    void unitsAreRead(String text, long millis) {
        assertThat(TimeSpan.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1.5s", "1d", "9999999999s", "1s1s"})
    void anythingElseIsRefused(String text) {
        assertThatExceptionOfType(BtdException.InvalidConfig.class)
                .isThrownBy(() -> TimeSpan.parse(text))
                .withMessageContaining("text=" + text);
    }
}
