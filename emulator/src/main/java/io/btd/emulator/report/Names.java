// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

import io.btd.api.GlobalPointer;
import io.btd.api.ScanKind;
import io.btd.heap.RunTable;
import io.btd.pmem.Geometry;
import java.util.List;
import java.util.regex.Pattern;

/// What lies at an offset of an arena, in the words of `docs/spec/media.md`, and what a value there says. Which blocks
/// there
/// are is read from an image, as it is; nothing in it is trusted.
final class Names {
    private static final Pattern HEX = Pattern.compile("0x[0-9a-f]+");
    private static final int SESSION_SLOT = 65;
    private static final long VALUE = 0xffff_ffff_ffffL;
    private static final int STATE_SHIFT = 40;

    private final Geometry geometry;
    private final long[] image;
    private final BlockNames blocks;

    /// Names after what is in `image`.
    Names(Geometry geometry, long[] image) {
        this.geometry = geometry;
        this.image = image;
        blocks = new BlockNames(geometry, image);
    }

    /// The name of the word at `offset`.
    Field at(long offset) {
        if (offset < geometry.headerBytes()) {
            return new Field("header", header((int) offset));
        }
        if (offset < geometry.rootSlot(Geometry.ROOT_SLOTS)) {
            return new Field("root slot " + (offset - geometry.rootSlot(0) >>> 3), root(offset));
        }
        if (offset < geometry.lane(0)) {
            return layouts(offset);
        }
        if (offset < geometry.pageBits(0)) {
            return lane(offset);
        }
        if (offset < geometry.fixedEnd()) {
            long word = offset - geometry.pageBits(0) >>> 3;
            return new Field("page bits", "of pages %d..%d".formatted(word * 64, word * 64 + 63));
        }
        if (offset < geometry.childMetadata(geometry.children())) {
            return metadata(offset);
        }
        return geometry.inData(offset) ? blocks.at(offset) : new Field("(between the parts)", "");
    }

    private static String header(int offset) {
        return switch (offset) {
            case 0 -> "magic";
            case 8 -> "version and features";
            case 16, 24 -> "uuid";
            case 32 -> "ids, page shift, lanes";
            case 40 -> "capacity";
            case 48 -> "children, lane bytes";
            case 56 -> "layout bytes, checksum";
            case 64 -> "state and generation";
            case 72 -> "owner pid";
            case 80 -> "owner start";
            case 88 -> "owner boot";
            default -> "(unused)";
        };
    }

    private String root(long offset) {
        long slot = offset - geometry.rootSlot(0) >>> 3;
        if (slot == SESSION_SLOT) {
            return "(session records)";
        }
        return slot == SESSION_SLOT - 1 ? "(named directory)" : "";
    }

    private Field layouts(long offset) {
        long base = geometry.layoutsOffset();
        if (offset < base) {
            return new Field("(between the parts)", "");
        }
        if (offset == base) {
            return new Field("layout table", "bytes in use");
        }
        int number = 3;
        long at = base + 8;
        while (at + 16 <= offset) {
            long size = word(at + 8);
            long bytes = 16 + 8 * ((size + 511) / 512);
            if (size < 8 || size > 32768 || at + bytes > offset) {
                break;
            }
            at += bytes;
            number++;
        }
        return new Field(
                "layout " + number,
                switch ((int) (offset - at)) {
                    case 0 -> "id and version";
                    case 8 -> "size";
                    default -> "pointer bits";
                });
    }

    private Field lane(long offset) {
        long within = (offset - geometry.lane(0)) % geometry.laneBytes();
        long lane = (offset - geometry.lane(0)) / geometry.laneBytes();
        return new Field(
                "lane " + lane,
                switch ((int) within) {
                    case 0 -> "sequence";
                    case 8 -> "destination";
                    case 16 -> "bytes";
                    case 24 -> "payload at";
                    case 32 -> "checksum";
                    case 40, 48, 56 -> "(unused)";
                    default -> "payload +" + (within - 64);
                });
    }

    private Field metadata(long offset) {
        long in = offset - geometry.fixedEnd();
        long child = in / geometry.childMetadataBytes();
        long within = in % geometry.childMetadataBytes();
        long first = child * Geometry.CHILD_PAGES;
        long heads = (long) Geometry.CHILD_PAGES * Geometry.RUN_HEAD_BYTES;
        if (within < heads) {
            return new Field("run head", "of page " + (first + within / Geometry.RUN_HEAD_BYTES));
        }
        long granule = (within - heads) * 8;
        return blocks.bitmap(geometry.pageOffset(first) + granule * Geometry.GRANULE);
    }

    private long word(long offset) {
        int index = (int) (offset >>> 3);
        return index < image.length ? image[index] : 0;
    }

    /// What a word says where `offset` is.
    String value(long offset, long value) {
        if (value == 0) {
            return "0";
        }
        if (offset == 64) {
            return state(value & VALUE);
        }
        if (at(offset).place().equals("run head")) {
            return head(value);
        }
        if (isPointer(value)) {
            return "-> " + blocks.block(GlobalPointer.offset(value));
        }
        return value > 0 && value < 100_000 ? Long.toString(value) : "0x" + Long.toHexString(value);
    }

    private static String state(long value) {
        long generation = value & (1L << STATE_SHIFT) - 1;
        String state = switch ((int) (value >>> STATE_SHIFT)) {
            case 1 -> "CLEAN";
            case 2 -> "DIRTY";
            case 3 -> "MOVED";
            case 4 -> "UNMARKED";
            default -> "state " + (value >>> STATE_SHIFT);
        };
        return state + ", generation " + generation;
    }

    private static String head(long head) {
        String kind = RunTable.kindNumber(head) > 2 ? "?" : RunTable.kind(head).name();
        String what = RunTable.state(head) == RunTable.LARGE
                ? "large " + kind
                : RunTable.state(head) == RunTable.SUPERBLOCK
                        ? "superblock " + kind + ", class " + RunTable.sizeClass(head)
                        : "unknown run";
        String layout = kind.equals(ScanKind.TYPED.name()) ? ", layout " + RunTable.layout(head) : "";
        return what + layout + ", " + RunTable.pages(head) + " pages" + (RunTable.exported(head) ? ", EXPORTED" : "");
    }

    private boolean isPointer(long value) {
        return GlobalPointer.node(value) == 1
                && GlobalPointer.arena(value) == 1
                && geometry.inData(GlobalPointer.offset(value))
                && value % Geometry.GRANULE == 0;
    }

    /// A sentence in which pointers are named by their offsets alone, as they are here.
    String shorten(String sentence) {
        return HEX.matcher(sentence).replaceAll(hex -> {
            long value;
            try {
                value = Long.parseUnsignedLong(hex.group().substring(2), 16);
            } catch (NumberFormatException tooLong) {
                return hex.group();
            }
            return isPointer(value) ? "@" + Long.toHexString(GlobalPointer.offset(value)) : hex.group();
        });
    }

    /// Names of words that follow each other, as few as say where they are.
    String range(long first, long last) {
        return range(at(first), at(last), (last - first) / 8 + 1);
    }

    /// As [#range(long, long)], of so many words.
    static String range(Field from, Field to, long count) {
        if (count == 1 || from.equals(to)) {
            return from.toString();
        }
        String words = " (%d words)".formatted(count);
        if (from.place().equals(to.place())) {
            return from + ".." + tail(from.field(), to.field()) + words;
        }
        return from + " .. " + to + words;
    }

    /// `payload +0` and `payload +8` are `payload +0..+8`.
    private static String tail(String from, String to) {
        List<String> one = List.of(from.split(" ", -1));
        List<String> other = List.of(to.split(" ", -1));
        boolean alike =
                one.size() == other.size() && one.subList(0, one.size() - 1).equals(other.subList(0, other.size() - 1));
        return alike ? other.getLast() : to;
    }
}
