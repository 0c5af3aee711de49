// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import io.btd.emulator.report.Account.Act;
import io.btd.emulator.report.Account.Event;
import io.btd.emulator.report.Account.Kind;
import io.btd.emulator.report.Account.Stage;
import java.util.ArrayList;
import java.util.List;

/// What of a stage a reader wants to see: the operation that crashed, and what touches the lines that were not durable
/// then.
/// The rest is counted.
final class Selection {
    private static final int FEW = 14;
    private static final int LAST = 4;

    private Selection() {}

    /// Events that are shown one by one, or a number that are not.
    ///
    /// @param events either one, shown, or several, counted
    record Piece(List<Event> events, boolean shown) {

        /// What is not shown, in words.
        String summary() {
            long stores = events.stream().filter(Event::stores).count();
            long writeBacks = events.stream()
                    .filter(event -> event.kind() == Kind.WRITE_BACK)
                    .count();
            long fences = events.size() - stores - writeBacks;
            List<String> counts = new ArrayList<>();
            add(counts, stores, "store");
            add(counts, writeBacks, "write-back");
            add(counts, fences, "fence");
            return String.join(", ", counts);
        }

        private static void add(List<String> counts, long count, String what) {
            if (count > 0) {
                counts.add(count + " " + what + (count == 1 ? "" : "s"));
            }
        }
    }

    /// The pieces of an act.
    static List<Piece> of(Stage stage, Act act) {
        boolean crashed = act.equals(stage.acts().getLast());
        boolean touches = act.events().stream().anyMatch(event -> event.stores() && event.touches(stage));
        List<Piece> pieces = new ArrayList<>();
        List<Event> hidden = new ArrayList<>();
        int size = act.events().size();
        for (int i = 0; i < size; i++) {
            Event event = act.events().get(i);
            boolean near = crashed && (size <= FEW || i >= size - LAST) || touches && size <= FEW;
            if (near || (crashed || touches) && event.touches(stage)) {
                flush(hidden, pieces);
                pieces.add(new Piece(List.of(event), true));
            } else {
                hidden.add(event);
            }
        }
        flush(hidden, pieces);
        return pieces;
    }

    private static void flush(List<Event> hidden, List<Piece> pieces) {
        if (!hidden.isEmpty()) {
            pieces.add(new Piece(List.copyOf(hidden), false));
            hidden.clear();
        }
    }
}
