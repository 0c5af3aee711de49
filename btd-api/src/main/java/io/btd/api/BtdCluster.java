// SPDX-License-Identifier: Apache-2.0
package io.btd.api;

import io.btd.api.spi.ClusterProvider;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;

/// Memory of a cluster: malloc, memcpy, free, on any node, at local speed, and nothing is lost or leaked
/// when something dies.
///
/// A block is named by a 64-bit global pointer ([GlobalPointer] takes it apart); the name is the block's
/// for life. A block survives a crash if and only if it can be reached from a root ([#roots]) or is held
/// by a live session; an embedded cluster's session ends with its process. Pointers inside blocks lead on
/// where the block is `POINTERS` (every aligned word that names a live block) or typed ([Layout]).
///
/// Thread-safe, unless a method says otherwise. "Persistent" means within the [PersistenceDomain] that
/// [#stat] reports. A failed call throws a [BtdException] and has changed nothing, but for
/// [BtdException.OutcomeUnknown]. No call waits for ever: it ends within the deadline (10 s, see
/// [#withDeadline]) in a result or an exception. Every call but
/// [#close], [#roots] and [#recovery] throws [BtdException.Closed] once the cluster is closed. An address is a pointer
/// to a block
/// or to a byte inside one.
public interface BtdCluster extends AutoCloseable {

    /// The largest range one [#memcpy] can change failure-atomically, in bytes (64 MiB).
    long MAX_MEMCPY = 64L << 20;

    /// Opens a cluster of one node in this process, with its arena in the file `arena`; makes the file with
    /// `capacity` bytes of memory when it is absent, and recovers it when its last owner died.
    ///
    /// @throws BtdException.ArenaUnusable when the file cannot be used, saying why
    /// @throws BtdException.ArenaOwned when a live process owns it
    static BtdCluster embedded(Path arena, long capacity) {
        return open(BtdConfig.embedded(arena, capacity));
    }

    /// Connects to the cluster whose membership these ZooKeeper servers hold.
    ///
    /// @param zooKeeper `host:port` of one or more servers, separated by commas
    /// @throws BtdException.InvalidConfig when it is written otherwise
    /// @throws BtdException.Unreachable when no server answers within the deadline (10 s)
    static BtdCluster connect(String zooKeeper) {
        return open(BtdConfig.cluster(zooKeeper));
    }

    /// Opens the cluster that `config` describes.
    ///
    /// @throws BtdException.ArenaUnusable when the file cannot be used, saying why
    /// @throws BtdException.ArenaOwned when a live process owns it
    /// @throws BtdException.InvalidConfig when nothing on the class path can open it
    static BtdCluster open(BtdConfig config) {
        return ClusterProvider.of(config).open(config);
    }

    /// Makes an empty arena, which must not exist; failure-atomic, and durable on return.
    ///
    /// @throws BtdException.ArenaUnusable when there is a file of this name, or it cannot be made
    static void create(ArenaConfig config) {
        ClusterProvider.of(config).create(config);
    }

    /// Removes an arena with everything in it. Nobody may have it open.
    ///
    /// @throws BtdException.ArenaUnusable when there is none, or it cannot be removed
    /// @throws BtdException.ArenaOwned when a live process owns it
    static void destroy(ArenaConfig config) {
        ClusterProvider.of(config).destroy(config);
    }

    /// Allocates a block that may hold pointers: 16-byte aligned, zeroed.
    ///
    /// @param size in bytes, at least 1
    /// @return the block's name
    /// @throws BtdException.InvalidSize for a size below 1 or beyond the address space
    /// @throws BtdException.Full when the arena has no room
    default long malloc(long size) {
        return malloc(size, Alloc.POINTERS);
    }

    /// Allocates a block.
    ///
    /// @param size in bytes, at least 1
    /// @throws BtdException.InvalidSize for a size below 1 or beyond the address space
    /// @throws BtdException.Full when the arena has no room
    long malloc(long size, Alloc alloc);

    /// Allocates one element of `layout`, zeroed; its shape is persisted at the first use.
    ///
    /// @throws BtdException.InvalidLayout when the arena knows another shape under this id
    /// @throws BtdException.Full when the arena has no room
    default long malloc(Layout layout) {
        return malloc(layout, layout.size());
    }

    /// Allocates a typed block of `size` bytes, zeroed: elements side by side if the layout is repeated,
    /// otherwise one element and bytes without pointers behind it.
    ///
    /// @param size in bytes, at least the layout's
    /// @throws BtdException.InvalidSize for a size below the layout's
    /// @throws BtdException.InvalidLayout when the arena knows another shape under this id
    /// @throws BtdException.Full when the arena has no room
    long malloc(Layout layout, long size);

    /// Allocates `blocks.length` blocks of `size` bytes, all or none.
    ///
    /// @throws BtdException.InvalidSize for a size below 1 or beyond the address space
    /// @throws BtdException.Full when the arena has no room for all of them
    void malloc(long size, Alloc alloc, long[] blocks);

    /// Frees a block. Every durable reference to it must have been durably removed before; [#unlinkAndFree]
    /// does both.
    ///
    /// @throws BtdException.InvalidPointer for anything that is not the start of an allocated block; a
    ///     second free ordered after the first is always detected
    /// @throws BtdException.Pinned while a view of it is open
    void free(long block);

    /// Frees many blocks, in order; stops at the first that is refused.
    ///
    /// @throws BtdException.InvalidPointer naming the refused one; those before it are free
    void free(long[] blocks);

    /// A block of at least `size` bytes with the content of `block` up to the smaller of both sizes; `block`
    /// itself where it is large enough, otherwise a new one of its kind, 16-byte aligned, and `block` is
    /// freed. Not failure-atomic against references to `block`: those are the caller's.
    ///
    /// @throws BtdException.InvalidPointer when `block` is not allocated
    /// @throws BtdException.Full when the arena has no room; `block` is untouched
    long realloc(long block, long size);

    /// How many bytes of `block` may be used: at least what was asked for.
    ///
    /// @throws BtdException.InvalidPointer when `block` is not allocated
    long usableSize(long block);

    /// Failure-atomically replaces `expected` by `replacement` in the word at `slot` and frees `expected`;
    /// does nothing if the word holds something else. After a crash either the word leads to `expected`, or
    /// it holds `replacement` and `expected` is free.
    ///
    /// @param slot address of an aligned 8-byte word that may hold pointers
    /// @param expected the block to free
    /// @param replacement a live block, or 0
    /// @return whether the word held `expected`
    /// @throws BtdException.InvalidPointer when `slot` is no such word, or a block is not allocated
    /// @throws BtdException.Pinned while a view of `expected` is open
    boolean unlinkAndFree(long slot, long expected, long replacement);

    /// Copies `source` to `destination`: persistent on return and failure-atomic, after any crash the range
    /// is wholly old or wholly new. Concurrent [#read]s see it whole.
    ///
    /// @param destination address of the first byte; the range lies in one block
    /// @param source at most [#MAX_MEMCPY] bytes
    /// @throws BtdException.InvalidPointer when the range does not lie in one allocated block
    /// @throws BtdException.InvalidSize for more than [#MAX_MEMCPY] bytes
    /// @throws BtdException.LogFull when there is no room for the redo record
    void memcpy(long destination, MemorySegment source);

    /// As [#memcpy(long, MemorySegment)], from another place in the cluster; overlapping ranges are handled
    /// as by memmove.
    ///
    /// @param bytes 0 to [#MAX_MEMCPY]
    /// @throws BtdException.InvalidPointer when a range does not lie in one allocated block
    /// @throws BtdException.InvalidSize for a count out of range
    /// @throws BtdException.LogFull when there is no room for the redo record
    void memcpy(long destination, long source, long bytes);

    /// The fast path without a log: aligned 8-byte words are atomic, the rest may tear in a crash. Only
    /// into `OPAQUE` blocks.
    ///
    /// @return what was achieved: at least `durability`
    /// @throws BtdException.InvalidPointer when the range does not lie in one allocated opaque block
    Durability write(long destination, MemorySegment source, Durability durability);

    /// Reads a range of one block into `destination`, never torn by a concurrent [#memcpy].
    ///
    /// @throws BtdException.InvalidPointer when the range does not lie in one allocated block
    void read(long source, MemorySegment destination);

    /// As [#read], but may be torn by concurrent writers.
    ///
    /// @throws BtdException.InvalidPointer when the range does not lie in one allocated block
    void readRaw(long source, MemorySegment destination);

    /// Reads the aligned 8-byte word at `address`, atomically, with acquire semantics.
    ///
    /// @throws BtdException.InvalidPointer when the word is misaligned or not in an allocated block
    long getLong(long address);

    /// Failure-atomically stores a pointer: persistent on return, and what was written to `target` through
    /// this interface is persistent before the pointer is.
    ///
    /// @param slot address of an aligned 8-byte word that may hold pointers
    /// @param target a live block of this cluster, or 0
    /// @throws BtdException.InvalidPointer when `slot` is no such word, or `target` is not allocated
    void putPointer(long slot, long target);

    /// Makes `block` reachable through `slot` and ends its hold: [#putPointer] for a block, never 0.
    ///
    /// @throws BtdException.InvalidPointer when `slot` is no word that may hold pointers, or `block` is not
    ///     allocated
    default void publish(long slot, long block) {
        if (block == GlobalPointer.NULL) {
            throw new BtdException.InvalidPointer(
                    block,
                    BtdException.PointerFault.NULL,
                    "publish of null: slot=" + GlobalPointer.toString(slot),
                    "use putPointer to clear a slot");
        }
        putPointer(slot, block);
    }

    /// Atomically replaces the word at `address` by `value` if it is `expected`; persistent on return,
    /// whether it replaced or not. A pointer field of a typed block takes only live blocks, or 0.
    ///
    /// @param address of an aligned 8-byte word
    /// @return whether the word was `expected`
    /// @throws BtdException.InvalidPointer when the word is misaligned or not in an allocated block
    boolean compareAndSet(long address, long expected, long value);

    /// Atomically adds `delta` to the word at `address`; persistent on return. Not for words that may hold
    /// pointers in typed blocks.
    ///
    /// @return the word before
    /// @throws BtdException.InvalidPointer when the word is misaligned or not in an allocated block
    long getAndAdd(long address, long delta);

    /// Atomically replaces the word at `address`; persistent on return.
    ///
    /// @return the word before
    /// @throws BtdException.InvalidPointer when the word is misaligned or not in an allocated block
    long getAndSet(long address, long value);

    /// Makes this client a holder of `block`, which another client allocated and told it of: it lives while this
    /// session lives, even if its other holder dies before it is published. In one process there is one
    /// holder, so there it only checks.
    ///
    /// @throws BtdException.InvalidPointer when `block` is not allocated
    void adopt(long block);

    /// Named blocks and set-once slots.
    Roots roots();

    /// A zero-copy view of a block in this process's reach.
    ///
    /// @throws BtdException.InvalidPointer when `block` is not allocated
    /// @throws BtdException.NotLocal when its memory is not mapped here
    BlockView view(long block);

    /// The calling thread's allocator; what it returns is confined to this thread.
    LocalAllocator local();

    /// The same session, with calls that end within `deadline`. Closing a view of a session (this one, or
    /// those of [#near], [#on] and [#spread]) does nothing: the session is closed where it was opened.
    /// Embedded calls do not wait, so there it changes nothing.
    ///
    /// @param deadline 1 ms to 1 h
    /// @throws BtdException.InvalidConfig for one out of range
    BtdCluster withDeadline(Duration deadline);

    /// The same session, allocating on the node that has `block`, and elsewhere when that is full.
    ///
    /// @throws BtdException.InvalidPointer for what is no pointer of this cluster
    BtdCluster near(long block);

    /// The same session, allocating on one node and nowhere else.
    ///
    /// @param node id of a member
    /// @throws BtdException.InvalidConfig when there is no such node
    BtdCluster on(int node);

    /// The same session, allocating on all nodes in turn.
    BtdCluster spread();

    /// The same session with calls that do not wait.
    AsyncCluster async();

    /// Many calls on their way at once.
    Batch batch();

    /// What is there and in use.
    ClusterStat stat();

    /// What opening found and did.
    RecoveryReport recovery();

    /// Closes the cluster: writes everything back and marks the arena clean. Views that are still open stay
    /// usable until they are closed. Calls in progress end first. A second close does nothing.
    @Override
    void close();
}
