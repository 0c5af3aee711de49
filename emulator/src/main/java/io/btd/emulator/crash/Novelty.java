// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.emulator.crash.CrashImages.Effort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Ranks crash points: one whose pending stores come from places that were not pending together before gets the
/// full effort, one like many before it a light one. Not thread-safe.
final class Novelty {
    private static final int NEW_FOR = 16;

    private final Map<Long, int[]> met = new HashMap<>();

    /// The effort for the moment before event `at`.
    Effort effort(PendingLines model, Trace trace, int at, Promise promise) {
        int times = ++met.computeIfAbsent(signature(model, trace, at, promise), key -> new int[1])[0];
        return times <= NEW_FOR ? Effort.FULL : Effort.LIGHT;
    }

    /// The operation, the event, and the places whose stores are pending, each in which unit of the model.
    private static long signature(PendingLines model, Trace trace, int at, Promise promise) {
        long event = at == trace.size() ? 1 : trace.kind(at).name().hashCode();
        if (at < trace.size()
                && trace.kind(at).compareTo(Trace.Kind.WRITE_BACK) >= 0
                && trace.kind(at) != Trace.Kind.PROMISE) {
            event = trace.site(at).number();
        }
        long sum = 0;
        List<Line> lines = model.pending();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            for (int store = 0; store < line.size(); store++) {
                sum += ImageHash.mix(trace.origin(line.position(store)) + 31L * store);
            }
        }
        return ImageHash.mix(sum + 7 * event) + promise.operation().hashCode();
    }
}
