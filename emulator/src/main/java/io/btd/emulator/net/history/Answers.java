// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.history;

import io.btd.emulator.net.history.Effect.Read;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// What a call did to registers, given its answer if there was one.
///
/// @param <T> type of the answer
interface Answers<T> {

    /// The effects, per register; empty where a call without an answer says nothing.
    Map<Register, Effect> effects(Optional<T> answer);

    /// A call that changes one register whatever it answers.
    static <T> Answers<T> changes(Register register, Function<Optional<T>, Effect> effect) {
        return answer -> Map.of(register, effect.apply(answer));
    }

    /// A call that reads one register.
    static Answers<Long> reads(Register register) {
        return answer -> answer.<Map<Register, Effect>>map(seen -> Map.of(register, new Read(seen)))
                .orElse(Map.of());
    }

    /// A call that answers what a register held.
    static OptionalLong number(Optional<Long> seen) {
        return seen.isPresent() ? OptionalLong.of(seen.get()) : OptionalLong.empty();
    }
}
