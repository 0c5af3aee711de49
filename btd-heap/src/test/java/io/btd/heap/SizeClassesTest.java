// SPDX-License-Identifier: Apache-2.0
package io.btd.heap;

import static org.assertj.core.api.Assertions.assertThat;

import io.btd.pmem.Geometry;
import org.junit.jupiter.api.Test;

/// What rounding costs, and that every size finds a class.
class SizeClassesTest {
    private static final Geometry REAL = Geometry.forCapacity(64L << 20);
    private static final Geometry TINY = Geometry.tiny(256);

    @Test
    void everySizeGetsTheSmallestClassThatHoldsIt() {
        for (Geometry geometry : new Geometry[] {REAL, TINY}) {
            SizeClasses classes = SizeClasses.of(geometry);
            assertThat(classes.maxSize()).isEqualTo(geometry.unitBytes() / 2);
            for (int size = 1; size <= classes.maxSize(); size++) {
                int sizeClass = classes.classOf(size);
                assertThat(classes.size(sizeClass)).isGreaterThanOrEqualTo(size);
                if (sizeClass > 0) {
                    assertThat(classes.size(sizeClass - 1)).isLessThan(size);
                }
            }
        }
    }

    /// A tail of less than a block is allowed on top of 15 bytes a block: 64 KiB are no multiple of 48.
    @Test
    void noSizeLosesMoreThanFifteenBytesOrAnEighthTailIncluded() {
        SizeClasses classes = SizeClasses.of(REAL);
        for (int size = 1; size <= classes.maxSize(); size++) {
            int sizeClass = classes.classOf(size);
            long bytes = (long) classes.span(sizeClass) * REAL.unitBytes();
            long lost = bytes - (long) classes.blocks(sizeClass) * size;
            long tail = bytes % classes.size(sizeClass);
            assertThat(lost)
                    .as("size=%d, class=%d", size, classes.size(sizeClass))
                    .isLessThanOrEqualTo(Math.max(15L * classes.blocks(sizeClass) + tail, bytes / 8));
        }
    }

    @Test
    void theTailIsSmallerThanABlockAndThanAnEighth() {
        for (Geometry geometry : new Geometry[] {REAL, TINY}) {
            SizeClasses classes = SizeClasses.of(geometry);
            for (int c = 0; c < classes.count(); c++) {
                long bytes = (long) classes.span(c) * geometry.unitBytes();
                long tail = bytes - (long) classes.blocks(c) * classes.size(c);
                assertThat(tail).isBetween(0L, Math.min(classes.size(c) - 1L, bytes / 8));
            }
        }
    }

    @Test
    void alignedRequestsGetAClassWhoseBlocksAreAllAligned() {
        for (Geometry geometry : new Geometry[] {REAL, TINY}) {
            SizeClasses classes = SizeClasses.of(geometry);
            for (int alignment = 16; alignment <= 4096; alignment *= 2) {
                for (int size = 1; size <= classes.maxSize(); size += 7) {
                    int c = classes.classOf(size, alignment);
                    if (alignment <= classes.maxSize()) {
                        assertThat(c)
                                .as("size=%d, alignment=%d", size, alignment)
                                .isNotNegative();
                    }
                    if (c >= 0) {
                        assertThat(classes.size(c)).isGreaterThanOrEqualTo(size);
                        assertThat(classes.size(c) % alignment).isZero();
                    }
                }
            }
            assertThat(classes.classOf(classes.maxSize() + 1L, 64)).isEqualTo(-1);
            assertThat(classes.classOf(1L << 62, 64)).isEqualTo(-1);
        }
    }

    @Test
    void everyByteOfASuperblockFallsIntoTheRightBlock() {
        for (Geometry geometry : new Geometry[] {REAL, TINY}) {
            SizeClasses classes = SizeClasses.of(geometry);
            for (int c = 0; c < classes.count(); c++) {
                long bytes = (long) classes.span(c) * geometry.unitBytes();
                for (long offset = 0; offset < bytes; offset++) {
                    if (classes.indexOf(offset, c) != offset / classes.size(c)) {
                        assertThat(classes.indexOf(offset, c))
                                .as("size=%d, offset=%d", classes.size(c), offset)
                                .isEqualTo((int) (offset / classes.size(c)));
                    }
                }
            }
        }
    }
}
