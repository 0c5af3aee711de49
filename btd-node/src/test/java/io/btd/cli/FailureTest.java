// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.api.BtdException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FailureTest {

    @Test
    void badInputIsToldFromWhatTheArenaCannotDo() {
        assertThat(Failure.of(new BtdException.InvalidSize("a", "b")).exitCode())
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(Failure.of(new BtdException.ArenaOwned("a", 1, "b")).exitCode())
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(Failure.of(new BtdException.Full("a", 0, "b")).exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(Failure.of(new BtdException.Closed("a")).exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void anythingElseIsInternalAndPointsToTheTrace() {
        Failure failure = Failure.of(new IllegalStateException("odd"));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(failure.line(false))
                .startsWith("btd: INTERNAL: IllegalStateException: odd; ")
                .contains("--trace");
        assertThat(failure.line(true)).isEqualTo("btd: INTERNAL: IllegalStateException: odd");
        assertThat(Failure.of(new OutOfMemoryError()).line(true)).isEqualTo("btd: INTERNAL: OutOfMemoryError");
    }

    @Test
    void wrappingsAreTakenOff() {
        BtdException typed = new BtdException.InvalidRoot("no such root: name=x", "list them");
        assertThat(Failure.of(new CompletionException(typed)).line(false))
                .isEqualTo("btd: INVALID_ROOT: no such root: name=x; list them");
        assertThat(Failure.of(new UncheckedIOException(new java.io.IOException("gone")))
                        .code())
                .isEqualTo("INTERNAL");
    }
}
