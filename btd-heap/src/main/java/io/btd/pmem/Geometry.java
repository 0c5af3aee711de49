// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

/// Where everything lies in an arena. All offsets are bytes from the start of the medium; a block's name
/// is such an offset. The parameters are persistent (in the header), the rest follows from them.
///
/// ```
/// 0          header      headerBytes     ArenaHeader
///            roots       rootBytes       64 set-once slots, the slots of the directory and the sessions
///            layouts     layoutBytes     the shapes of typed blocks, append-only
///            lanes       laneCount x laneBytes  redo records
///            page bits   64 B per child  one bit per page, 512 pages a child
/// ---------- everything above is reserved when the file is made; below, when first used ----------
///            metadata    per child: 512 run heads of 8 B, then one bit per 16 B of data
/// dataOffset data        addressSpace bytes, a multiple of the child size, aligned to it
/// ```
///
/// The address space is several times the capacity, so that names can be retired without giving up
/// memory; capacity counts pages in use. Small geometries exist for tests.
///
/// @param pageShift log2 of the page size in bytes; 12 outside of tests
/// @param unitShift log2 of the unit size in bytes, from which superblocks are made; 16 outside of tests
/// @param capacityPages pages that may be in use at a time
/// @param children how many children (runs of 512 pages) the address space has
/// @param laneCount redo lanes
/// @param laneBytes bytes of a lane, a multiple of 64
/// @param layoutBytes bytes of the layout table, a multiple of 64
public record Geometry(
        int pageShift, int unitShift, long capacityPages, int children, int laneCount, int laneBytes, int layoutBytes) {

    /// Pages of a child: its bits fill one cache line.
    public static final int CHILD_PAGES = 512;

    /// Bytes of the page bits of one child.
    public static final int CHILD_BITS_BYTES = CHILD_PAGES / 8;

    /// Bytes of a run head.
    public static final int RUN_HEAD_BYTES = 8;

    /// The smallest block, in bytes; bitmaps have a bit for each.
    public static final int GRANULE = 16;

    /// Root slots: the program's, then the named directory's and the session records'.
    public static final int ROOT_SLOTS = 66;

    private static final int LINE = 64;
    private static final int ADDRESS_FACTOR = 4;

    /// Checks that the parameters describe an arena.
    public Geometry {
        require(pageShift >= 8 && pageShift <= 16, "pageShift", pageShift);
        require(unitShift >= pageShift + 1 && unitShift <= pageShift + 5, "unitShift", unitShift);
        require(children >= 1 && children <= 1 << 22, "children", children);
        require(capacityPages >= 1 && capacityPages <= (long) children * CHILD_PAGES, "capacityPages", capacityPages);
        require(laneCount >= 1 && laneCount <= 64, "laneCount", laneCount);
        require(laneBytes >= 2 * LINE && laneBytes <= 1 << 20 && laneBytes % LINE == 0, "laneBytes", laneBytes);
        require(layoutBytes >= LINE && layoutBytes <= 1 << 24 && layoutBytes % LINE == 0, "layoutBytes", layoutBytes);
    }

    private static void require(boolean holds, String name, long value) {
        if (!holds) {
            throw new IllegalArgumentException("geometry out of range: " + name + "=" + value);
        }
    }

    /// The geometry of an arena with `capacity` bytes of memory.
    public static Geometry forCapacity(long capacity) {
        long pages = capacity >>> 12;
        long children = (pages * ADDRESS_FACTOR + CHILD_PAGES - 1) / CHILD_PAGES;
        return new Geometry(12, 16, pages, Math.toIntExact(children), 16, 16 * 1024, 64 * 1024);
    }

    /// A geometry for tests: pages of 256 B, units of 1 KiB, two lanes.
    public static Geometry tiny(int capacityPages) {
        int children = (capacityPages + CHILD_PAGES - 1) / CHILD_PAGES;
        return new Geometry(8, 10, capacityPages, children, 2, 320, 512);
    }

    /// Bytes of a page.
    public int pageBytes() {
        return 1 << pageShift;
    }

    /// Bytes of a unit.
    public int unitBytes() {
        return 1 << unitShift;
    }

    /// Pages of a unit.
    public int unitPages() {
        return 1 << unitShift - pageShift;
    }

    /// Bytes of the header.
    public int headerBytes() {
        return headerBytes(pageShift);
    }

    /// Bytes of the header in an arena of this page size.
    static int headerBytes(int pageShift) {
        return pageShift >= 12 ? 4096 : 512;
    }

    /// Pages of the address space.
    public long pages() {
        return (long) children * CHILD_PAGES;
    }

    /// Bytes of data a child spans.
    public long childBytes() {
        return (long) CHILD_PAGES << pageShift;
    }

    /// Bytes of the address space.
    public long addressSpace() {
        return pages() << pageShift;
    }

    /// Where root slot `number` lies.
    public long rootSlot(int number) {
        return headerBytes() + 8L * number;
    }

    /// Where the layout table begins.
    public long layoutsOffset() {
        return roundUp(rootSlot(ROOT_SLOTS), LINE);
    }

    /// Where lane `number` begins.
    public long lane(int number) {
        return layoutsOffset() + layoutBytes + (long) number * laneBytes;
    }

    /// Where the page bits of a child begin.
    public long pageBits(int child) {
        return lane(laneCount) + (long) child * CHILD_BITS_BYTES;
    }

    /// Where the part ends that is reserved when the file is made.
    public long fixedEnd() {
        return roundUp(pageBits(children), pageBytes());
    }

    /// Bytes of metadata of one child.
    public long childMetadataBytes() {
        return (long) CHILD_PAGES * RUN_HEAD_BYTES + childBytes() / GRANULE / 8;
    }

    /// Where the metadata of a child begins.
    public long childMetadata(int child) {
        return fixedEnd() + child * childMetadataBytes();
    }

    /// Where the run head of a page lies.
    public long runHead(long page) {
        return childMetadata((int) (page / CHILD_PAGES)) + page % CHILD_PAGES * RUN_HEAD_BYTES;
    }

    /// Where the bitmap of the data from `offset` on begins; `offset` is the start of a unit. Contiguous
    /// within a child.
    public long bitmap(long offset) {
        long inData = offset - dataOffset();
        long inChild = inData % childBytes();
        return childMetadata((int) (inData / childBytes()))
                + (long) CHILD_PAGES * RUN_HEAD_BYTES
                + inChild / GRANULE / 8;
    }

    /// Where the data begins.
    public long dataOffset() {
        return roundUp(childMetadata(children), childBytes());
    }

    /// Bytes of the whole medium.
    public long mediumBytes() {
        return dataOffset() + addressSpace();
    }

    /// Pages that `bytes` bytes take.
    public long pagesFor(long bytes) {
        return (bytes + pageBytes() - 1) >>> pageShift;
    }

    /// The page that contains `offset`; the offset lies in the data.
    public long pageOf(long offset) {
        return offset - dataOffset() >>> pageShift;
    }

    /// The start of a page.
    public long pageOffset(long page) {
        return dataOffset() + (page << pageShift);
    }

    /// Whether `offset` lies in the data.
    public boolean inData(long offset) {
        return offset >= dataOffset() && offset < mediumBytes();
    }

    private static long roundUp(long value, long step) {
        return (value + step - 1) / step * step;
    }
}
