// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import io.btd.api.GlobalPointer;
import io.btd.heap.RunTable;
import io.btd.pmem.Geometry;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// Names in the data and of the bits that stand for it: which block, and which of its words, by the run heads of an
/// image.
final class BlockNames {
    private static final int SESSION_SLOT = 65;
    private static final int NODE_LAYOUT = 1;
    private static final int ENTRY_LAYOUT = 2;
    private static final int ENTRY_NAME = 32;
    private static final int LINE = 64;
    private static final int LONGEST_NAME = 12;

    private final Geometry geometry;
    private final long[] image;
    private final Set<Long> sessionChunks = new HashSet<>();

    BlockNames(Geometry geometry, long[] image) {
        this.geometry = geometry;
        this.image = image;
        long chunk = word(geometry.rootSlot(SESSION_SLOT));
        while (chunk != 0
                && geometry.inData(GlobalPointer.offset(chunk))
                && sessionChunks.add(GlobalPointer.offset(chunk))) {
            chunk = word(GlobalPointer.offset(chunk));
        }
    }

    private long word(long offset) {
        int index = (int) (offset >>> 3);
        return index < image.length ? image[index] : 0;
    }

    /// A block: its run's head, and where it begins; without a run, the head is 0.
    private record Found(long head, long run, long base) {
        boolean exists() {
            return head != 0;
        }

        int layout() {
            return RunTable.layout(head);
        }
    }

    private Found find(long offset) {
        long page = geometry.pageOf(offset);
        for (long first = page; first >= 0; first--) {
            long head = word(geometry.runHead(first));
            if (head == 0) {
                continue;
            }
            long run = geometry.pageOffset(first);
            if (first + RunTable.pages(head) <= page || RunTable.state(head) == RunTable.FREE) {
                break;
            }
            boolean large = RunTable.state(head) == RunTable.LARGE;
            return new Found(head, run, large ? run : run + (offset - run) / size(head) * size(head));
        }
        return new Found(0, 0, 0);
    }

    private long size(long head) {
        try {
            return Math.max(Geometry.GRANULE, RunTable.blockBytes(head, geometry));
        } catch (RuntimeException unknownClass) {
            return Geometry.GRANULE;
        }
    }

    /// The block that contains an offset.
    String block(long offset) {
        Found found = find(offset);
        String at = Long.toHexString(found.exists() ? found.base() : offset);
        if (!found.exists()) {
            return "@" + at;
        }
        String within = offset == found.base() ? "" : " +" + (offset - found.base());
        if (found.layout() == NODE_LAYOUT) {
            return "directory node @" + at + within;
        }
        if (found.layout() == ENTRY_LAYOUT) {
            return sessionChunks.contains(found.base())
                    ? "session records @" + at + within
                    : "entry" + entryName(found.base()) + " @" + at + within;
        }
        return (RunTable.state(found.head()) == RunTable.LARGE ? "large block @" : "block @") + at + within;
    }

    private String entryName(long base) {
        int length = (int) word(base + 24);
        if (length < 1 || length > LONGEST_NAME) {
            return "";
        }
        byte[] name = new byte[length];
        for (int i = 0; i < length; i++) {
            name[i] = (byte) (word(base + ENTRY_NAME + (i & ~7)) >>> 8 * (i & 7));
        }
        String text = new String(name, StandardCharsets.UTF_8);
        return text.chars().allMatch(c -> c > ' ' && c < 127) ? " \"" + text + "\"" : "";
    }

    /// The name of a word of data.
    Field at(long offset) {
        Found found = find(offset);
        if (!found.exists()) {
            long page = geometry.pageOf(offset);
            return new Field("page " + page + " (of no run)", "+" + (offset - geometry.pageOffset(page)));
        }
        String place = block(found.base());
        long within = offset - found.base();
        if (found.layout() == NODE_LAYOUT) {
            return new Field(place, "link " + within / 8);
        }
        if (found.layout() == ENTRY_LAYOUT) {
            return new Field(
                    place, sessionChunks.contains(found.base()) ? session(found.base(), within) : entry((int) within));
        }
        return new Field(place, "+" + within);
    }

    private static String entry(int within) {
        return switch (within) {
            case 0 -> "next";
            case 8 -> "target";
            case 16 -> "hash";
            case 24 -> "length";
            default -> "name +" + (within - ENTRY_NAME);
        };
    }

    private static String session(long base, long within) {
        long first = (base + 16 + LINE - 1 & -LINE) - base;
        if (within < first) {
            return within == 0 ? "next" : "(unused)";
        }
        String field = switch ((int) ((within - first) % LINE)) {
            case 0 -> "id";
            case 8, 16 -> "client";
            case 24 -> "lease";
            case 32 -> "opened";
            default -> "(unused)";
        };
        return "record " + (within - first) / LINE + " " + field;
    }

    /// The bits that stand for the data from `offset` on.
    Field bitmap(long offset) {
        Found found = find(offset);
        if (!found.exists()) {
            return new Field("bitmap", "of page %d (of no run)".formatted(geometry.pageOf(offset)));
        }
        long first = (offset - found.run()) / Geometry.GRANULE;
        String blocks = first == 0 ? "" : ", blocks from " + first;
        return new Field("bitmap", "@" + Long.toHexString(found.run()) + blocks);
    }
}
