// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// How much of each pending line reached the medium: so many groups, and of the next one the stores whose
/// bits are set. Reused from image to image; lines are numbered as in [PendingLines#pending].
final class Cut {
    private static final int MAX_LISTED = 12;
    private static final int MAX_WORDS = 3;
    private static final int MASK_BITS = 62;

    private final List<Line> lines;
    private int[] groups = new int[16];
    private long[] masks = new long[16];

    Cut(List<Line> lines) {
        this.lines = lines;
    }

    int lines() {
        return lines.size();
    }

    private void fit() {
        if (groups.length < lines.size()) {
            groups = new int[lines.size() * 2];
            masks = new long[lines.size() * 2];
        }
    }

    void none() {
        fit();
        for (int i = 0; i < lines.size(); i++) {
            none(i);
        }
    }

    void all() {
        fit();
        for (int i = 0; i < lines.size(); i++) {
            all(i);
        }
    }

    void none(int line) {
        groups[line] = 0;
        masks[line] = 0;
    }

    void all(int line) {
        groups[line] = lines.get(line).groupCount();
        masks[line] = 0;
    }

    void random(int line, SplittableRandom random) {
        int count = lines.get(line).groupCount();
        groups[line] = random.nextInt(count + 1);
        masks[line] = groups[line] == count ? 0 : random.nextLong() & fullMask(line, groups[line]);
    }

    private long fullMask(int line, int group) {
        return (1L << Math.min(MASK_BITS, lines.get(line).groupSize(group))) - 1;
    }

    /// How many cuts a line has, no more than `cap`.
    int variants(int line, int cap) {
        long count = 1;
        for (int group = 0; group < lines.get(line).groupCount() && count < cap; group++) {
            count += fullMask(line, group);
        }
        return (int) Math.min(cap, count);
    }

    /// The next cut in the order of an odometer over all lines; false after the last. Starts at [#none].
    boolean next() {
        for (int line = 0; line < lines.size(); line++) {
            if (groups[line] < lines.get(line).groupCount()) {
                masks[line]++;
                if (masks[line] == fullMask(line, groups[line])) {
                    groups[line]++;
                    masks[line] = 0;
                }
                return true;
            }
            none(line);
        }
        return false;
    }

    private boolean arrived(int line, int store, int firstOfGroup) {
        int group = lines.get(line).group(store);
        int bit = store - firstOfGroup;
        return group < groups[line] || group == groups[line] && bit < MASK_BITS && (masks[line] >>> bit & 1) != 0;
    }

    private interface Store {
        void arrived(int word, long value);
    }

    private void forEach(Store action) {
        for (int i = 0; i < lines.size(); i++) {
            forEach(i, action);
        }
    }

    private void forEach(int number, Store action) {
        Line line = lines.get(number);
        int first = 0;
        for (int store = 0; store < line.size() && line.group(store) <= groups[number]; store++) {
            first = line.group(store) == line.group(first) ? first : store;
            if (arrived(number, store, first)) {
                action.arrived(line.word(store), line.value(store));
            }
        }
    }

    /// The hash of the image this cut makes of what is durable.
    long hash(PendingLines model) {
        long hash = model.hash();
        long[] durable = model.durable();
        long[] now = new long[Recorder.LINE_WORDS];
        for (int i = 0; i < lines.size(); i++) {
            int base = lines.get(i).number * Recorder.LINE_WORDS;
            System.arraycopy(durable, base, now, 0, now.length);
            forEach(i, (word, value) -> now[word - base] = value);
            for (int word = 0; word < now.length; word++) {
                if (now[word] != durable[base + word]) {
                    hash += ImageHash.of(base + word, now[word]) - ImageHash.of(base + word, durable[base + word]);
                }
            }
        }
        return hash;
    }

    /// Lays what arrived over what is durable.
    void lay(Recorder target) {
        forEach(target::lay);
    }

    /// Takes it away again.
    void unlay(Recorder target, long[] durable) {
        forEach((word, value) -> target.lay(word, durable[word]));
    }

    /// Lays what arrived into an image.
    void layInto(long[] image) {
        forEach((word, value) -> image[word] = value);
    }

    /// The stores that were lost, for people: a cache line a line.
    List<String> lost() {
        List<String> lost = new ArrayList<>();
        int more = 0;
        for (int i = 0; i < lines.size(); i++) {
            String text = lost(i);
            if (text.isEmpty()) {
                continue;
            }
            if (lost.size() < MAX_LISTED) {
                lost.add(text);
            } else {
                more++;
            }
        }
        if (more > 0) {
            lost.add("and of " + more + " more lines");
        }
        return lost;
    }

    private String lost(int number) {
        Line line = lines.get(number);
        StringBuilder words = new StringBuilder();
        int count = 0;
        boolean onTheirWay = false;
        int first = 0;
        for (int store = 0; store < line.size(); store++) {
            first = line.group(store) == line.group(first) ? first : store;
            if (arrived(number, store, first)) {
                continue;
            }
            if (++count <= MAX_WORDS) {
                int at = line.word(store) % Recorder.LINE_WORDS * Long.BYTES;
                words.append(" +%d=0x%x".formatted(at, line.value(store)));
            }
            for (int thread = 0; thread < Line.THREADS; thread++) {
                onTheirWay |= store < line.flushed(thread);
            }
        }
        return count == 0
                ? ""
                : "line 0x%06x  %d of %d stores:%s%s%s"
                        .formatted(
                                line.number * 64L,
                                count,
                                line.size(),
                                words,
                                count > MAX_WORDS ? " ..." : "",
                                onTheirWay ? ", written back but not fenced" : "");
    }
}
