// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.btd.api.BtdException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-5, -5",
        "4096, 4096",
        "100B, 100",
        "64KiB, 65536",
        "64k, 65536",
        "64 MiB, 67108864",
        "1gb, 1073741824",
        "8191P, 9222246136947933184",
        "9223372036854775807, 9223372036854775807"
    })
    void readsWhatPeopleWrite(String text, long bytes) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "1.5MiB", "0x10", "64 parsecs", "9223372036854775808", "8192P", "--5", "1 2"})
    void refusesTheRest(String text) {
        assertThatExceptionOfType(BtdException.InvalidSize.class)
                .isThrownBy(() -> ByteSize.parse(text))
                .withMessageContaining("text=" + text);
    }

    @Test
    void printsWhatItReads() {
        for (long bytes : new long[] {0, 1, 100, 1024, 1536, 64L << 20, 3L << 40, Long.MAX_VALUE}) {
            assertThat(ByteSize.parse(ByteSize.exactly(bytes)).bytes()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.00 KiB", "1536, 1.50 KiB", "23961, 23.4 KiB", "67108864, 64.0 MiB"})
    void printsThreeDigitsForPeople(long bytes, String text) {
        assertThat(ByteSize.roughly(bytes)).isEqualTo(text);
    }
}
