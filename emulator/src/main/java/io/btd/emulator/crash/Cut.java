// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/// How much of each pending line reached the medium: so many groups, and of the next one the stores whose
/// bits are set. Reused from image to image; lines are numbered as in [PendingLines#pending].
final class Cut {
    private static final int MAX_LISTED = 12;
    private static final int MAX_WORDS = 3;
    private static final int MASK_BITS = 62;

    private final List<Line> lines;
    private int[] groups = new int[16];
    private long[] masks = new long[16];
    private long[] overlay = new long[0];
    private int[] laid = new int[0];
    private int epoch;
    private long hash;

    Cut(List<Line> lines) {
        this.lines = lines;
    }

    Line line(int number) {
        return lines.get(number);
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

    /// The first groups of a line.
    void upTo(int line, int count) {
        groups[line] = count;
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
        return next(line -> true);
    }

    /// The same over the lines that `moving` names only.
    boolean next(IntPredicate moving) {
        for (int line = 0; line < lines.size(); line++) {
            if (!moving.test(line)) {
                continue;
            }
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

    /// Whether a store of the group that is there in part is. Of a group with more stores than a mask has bits,
    /// each bit decides for several.
    private boolean inPart(int line, int store, int first) {
        return (masks[line] >>> (store - first) % MASK_BITS & 1) != 0;
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
        int whole = line.start(groups[number]);
        for (int store = 0; store < whole; store++) {
            action.arrived(line.word(store), line.value(store));
        }
        if (masks[number] != 0) {
            int end = line.start(groups[number] + 1);
            for (int store = whole; store < end; store++) {
                if (inPart(number, store, whole)) {
                    action.arrived(line.word(store), line.value(store));
                }
            }
        }
    }

    /// How many groups of a line arrived whole.
    int groups(int line) {
        return groups[line];
    }

    /// Which stores of the next group arrived.
    long mask(int line) {
        return masks[line];
    }

    /// Shapes one line.
    void set(int line, int groupsArrived, long mask) {
        groups[line] = groupsArrived;
        masks[line] = mask;
    }

    /// Whether a line lost anything.
    boolean loses(int line) {
        return groups[line] < lines.get(line).groupCount();
    }

    /// Every pending store and its fate.
    List<Scene.Pending> fates() {
        List<Scene.Pending> fates = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            for (int store = 0; store < line.size(); store++) {
                fates.add(new Scene.Pending(
                        line.word(store), line.value(store), line.writtenBack(store), arrived(i, store)));
            }
        }
        return fates;
    }

    private boolean arrived(int number, int store) {
        int whole = lines.get(number).start(groups[number]);
        return store < whole
                || masks[number] != 0
                        && store < lines.get(number).start(groups[number] + 1)
                        && inPart(number, store, whole);
    }

    /// The hash of the image this cut makes of what is durable.
    long hash(PendingLines model) {
        long[] durable = model.durable();
        if (overlay.length != durable.length) {
            overlay = new long[durable.length];
            laid = new int[durable.length];
        }
        epoch++;
        hash = model.hash();
        forEach((word, value) -> {
            long before = laid[word] == epoch ? overlay[word] : durable[word];
            if (before != value) {
                hash += ImageHash.of(word, value) - ImageHash.of(word, before);
            }
            laid[word] = epoch;
            overlay[word] = value;
        });
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

    /// The stores that were lost, for people: a line for each unit of loss.
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
        int base = line.size() == 0 ? 0 : line.word(0) & -Recorder.LINE_WORDS;
        int whole = line.start(groups[number]);
        for (int store = whole; store < line.size(); store++) {
            if (arrived(number, store)) {
                continue;
            }
            if (++count <= MAX_WORDS) {
                words.append(" %+d=0x%x".formatted((line.word(store) - base) * Long.BYTES, line.value(store)));
            }
            onTheirWay |= line.writtenBack(store);
        }
        return count == 0
                ? ""
                : "line 0x%06x  %d of %d stores:%s%s%s"
                        .formatted(
                                base * 8L,
                                count,
                                line.size(),
                                words,
                                count > MAX_WORDS ? " ..." : "",
                                onTheirWay ? ", written back but not fenced" : "");
    }
}
