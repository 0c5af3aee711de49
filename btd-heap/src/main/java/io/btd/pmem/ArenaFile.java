// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.ArenaOwned;
import io.btd.api.BtdException.ArenaUnusable;
import io.btd.api.GlobalPointer;
import io.btd.api.PersistenceDomain;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An open arena: its medium, header, geometry and generation. Whoever holds one owns the arena alone.
///
/// Opening turns the state word from CLEAN (or DIRTY, after a crash) to DIRTY with the next generation, by one
/// 8-byte store, before anything else changes; closing turns it to CLEAN after everything volatile was written
/// back, or to UNMARKED if only marking can tell what is reachable. Not thread-safe itself; its memory is.
public final class ArenaFile {
    private static final int STATE_CLEAN = 1;
    private static final int STATE_DIRTY = 2;
    private static final int STATE_MOVED = 3;
    private static final int STATE_UNMARKED = 4;
    private static final int GENERATION_BITS = 40;
    private static final long GENERATION_MASK = (1L << GENERATION_BITS) - 1;
    private static final int HEADER_READ = 4096;

    private final Medium medium;
    private final ArenaHeader.Fixed fixed;
    private final int stateBefore;
    private final long generation;

    private ArenaFile(Medium medium, ArenaHeader.Fixed fixed, int stateBefore, long generation) {
        this.medium = medium;
        this.fixed = fixed;
        this.stateBefore = stateBefore;
        this.generation = generation;
    }

    /// Lays out an empty, clean arena on a medium of zeros. Persistent on return.
    public static void format(Medium medium, Geometry geometry, int node, int arena, UUID uuid) {
        PersistentMemory memory = medium.memory();
        byte[] header = ArenaHeader.encode(new ArenaHeader.Fixed(uuid, node, arena, geometry));
        memory.copyIn(MemorySegment.ofArray(header), 0, 0, header.length);
        for (int word : new int[] {ArenaHeader.OWNER_PID, ArenaHeader.OWNER_START, ArenaHeader.OWNER_BOOT}) {
            memory.setLong(word, ArenaHeader.seal(0, word));
        }
        memory.setLong(ArenaHeader.STATE_WORD, stateWord(STATE_CLEAN, 0));
        memory.persist(0, header.length, ArenaSite.FORMAT);
    }

    /// Opens a formatted arena and marks it DIRTY.
    ///
    /// @throws ArenaUnusable when it is none, or of another format, corrupt, truncated or moved
    public static ArenaFile open(Medium medium) {
        PersistentMemory memory = medium.memory();
        byte[] bytes = new byte[(int) Math.min(HEADER_READ, memory.size())];
        memory.copyOut(0, MemorySegment.ofArray(bytes), 0, bytes.length);
        ArenaHeader.Fixed fixed = ArenaHeader.decode(bytes, memory.size(), medium.name());
        long word = ArenaHeader.value(memory.getLong(ArenaHeader.STATE_WORD));
        int state = (int) (word >>> GENERATION_BITS);
        if (state == STATE_MOVED) {
            throw new ArenaUnusable(
                    ArenaFault.MOVED,
                    "arena has moved to another machine: path=" + medium.name(),
                    "open it where it is now; this copy is stale");
        }
        if (state != STATE_CLEAN && state != STATE_DIRTY && state != STATE_UNMARKED) {
            throw ArenaHeader.corrupt(medium.name(), "state=" + state);
        }
        long generation = (word & GENERATION_MASK) + 1;
        memory.setLongRelease(ArenaHeader.STATE_WORD, stateWord(STATE_DIRTY, generation));
        memory.persist(ArenaHeader.STATE_WORD, 8, ArenaSite.OPEN_DIRTY);
        return new ArenaFile(medium, fixed, state, generation);
    }

    /// Opens the arena in a file, making it when it is absent and `create` says so.
    ///
    /// @param capacity in bytes, of a new arena
    /// @param node of a new arena
    /// @param arena of a new arena
    /// @param forced the persistence domain to force, or null to detect it
    /// @throws ArenaUnusable when the file cannot be used, saying why
    /// @throws ArenaOwned when a live process owns it
    public static ArenaFile open(
            Path path, boolean create, long capacity, int node, int arena, @Nullable PersistenceDomain forced) {
        Libc.requireSupported();
        if (create) {
            ArenaMaker.sweep(path);
        }
        if (create && !Files.exists(path)) {
            ArenaMaker.make(path, Geometry.forCapacity(capacity), node, arena);
        }
        return openMapped(map(path, true, forced), true);
    }

    /// Makes an arena in a file that must not exist.
    ///
    /// @throws ArenaUnusable when there is a file of this name, or it cannot be made
    public static void create(Path path, long capacity, int node, int arena) {
        Libc.requireSupported();
        ArenaMaker.sweep(path);
        if (Files.exists(path) || !ArenaMaker.make(path, Geometry.forCapacity(capacity), node, arena)) {
            throw new ArenaUnusable(
                    ArenaFault.EXISTS, "arena exists already: path=" + path, "open it, or choose another name");
        }
    }

    /// Removes the file of an arena that nobody has open, *by one unlink*.
    ///
    /// @throws ArenaUnusable when it is no arena, or cannot be removed
    /// @throws ArenaOwned when a live process owns it
    public static void destroy(Path path) {
        Libc.requireSupported();
        ArenaMaker.sweep(path);
        FileMedium medium = map(path, true, null);
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw FileErrors.of(path, e);
        } finally {
            medium.close();
        }
    }

    /// Opens the arena in a file for looking only: nothing reaches the file, whatever is stored.
    ///
    /// @throws ArenaUnusable when the file cannot be used, saying why
    /// @throws ArenaOwned when a live process owns it
    public static ArenaFile openPrivate(Path path) {
        Libc.requireSupported();
        return openMapped(map(path, false, null), false);
    }

    /// Opens what was mapped; a refusal lets go of it, and has changed nothing.
    private static ArenaFile openMapped(FileMedium medium, boolean shared) {
        try {
            ArenaFile arena = open(medium);
            if (shared) {
                writeOwner(medium.memory());
            }
            return arena;
        } catch (RuntimeException e) {
            medium.close();
            throw e;
        }
    }

    private static FileMedium map(Path path, boolean shared, @Nullable PersistenceDomain forced) {
        if (Files.isDirectory(path) || Files.exists(path) && !Files.isRegularFile(path)) {
            throw FileErrors.notAFile(path);
        }
        int fd = -1;
        try {
            fd = Libc.open(path, shared ? Libc.O_RDWR : Libc.O_RDONLY);
            ArenaHeader.Fixed fixed = checkHeader(path);
            if (!Libc.tryLock(fd)) {
                throw owned(path);
            }
            FileMedium medium = FileMedium.map(path, fd, fixed.geometry().mediumBytes(), shared, forced);
            fd = -1;
            reserveFixed(path, medium, fixed.geometry());
            return medium;
        } catch (Libc.Failure e) {
            throw FileErrors.of(path, e);
        } finally {
            if (fd >= 0) {
                Libc.close(fd);
            }
        }
    }

    private static ArenaHeader.Fixed checkHeader(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return ArenaHeader.decode(in.readNBytes(HEADER_READ), Files.size(path), path.toString());
        } catch (IOException e) {
            throw FileErrors.of(path, e);
        }
    }

    private static void reserveFixed(Path path, FileMedium medium, Geometry geometry) {
        boolean reserved = false;
        try {
            reserved = medium.reserve(0, geometry.fixedEnd());
        } finally {
            if (!reserved) {
                medium.close();
            }
        }
        if (!reserved) {
            throw FileErrors.full(path);
        }
    }

    private static void writeOwner(PersistentMemory memory) {
        Owner owner = Owner.self();
        memory.setLongRelease(ArenaHeader.OWNER_PID, ArenaHeader.seal(owner.pid(), ArenaHeader.OWNER_PID));
        memory.setLongRelease(ArenaHeader.OWNER_START, ArenaHeader.seal(owner.startMillis(), ArenaHeader.OWNER_START));
        memory.setLongRelease(ArenaHeader.OWNER_BOOT, ArenaHeader.seal(owner.boot(), ArenaHeader.OWNER_BOOT));
    }

    private static ArenaOwned owned(Path path) {
        long pid = 0;
        try (InputStream in = Files.newInputStream(path)) {
            MemorySegment header = MemorySegment.ofArray(in.readNBytes(HEADER_READ));
            Owner owner = new Owner(
                    word(header, ArenaHeader.OWNER_PID),
                    word(header, ArenaHeader.OWNER_START),
                    word(header, ArenaHeader.OWNER_BOOT));
            pid = owner.alive() ? owner.pid() : 0;
        } catch (IOException unreadable) {
            // the lock is enough to refuse
        }
        return new ArenaOwned(
                "arena is owned by a live process: path=" + path + ", pid=" + (pid == 0 ? "unknown" : pid),
                pid,
                "close it there first, or use another file");
    }

    private static long word(MemorySegment header, int place) {
        return ArenaHeader.value(header.get(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED, place));
    }

    private static long stateWord(int state, long generation) {
        return ArenaHeader.seal((long) state << GENERATION_BITS | generation, ArenaHeader.STATE_WORD);
    }

    /// Completes the write-backs of everything volatile and marks the arena closed. Nothing may change
    /// afterwards.
    ///
    /// @param marked whether every allocated block is known to be reachable; otherwise the next open marks
    public void markClosed(boolean marked) {
        memory().fence(ArenaSite.CLOSE_STATE);
        memory().setLongRelease(ArenaHeader.STATE_WORD, stateWord(marked ? STATE_CLEAN : STATE_UNMARKED, generation));
        memory().persist(ArenaHeader.STATE_WORD, 8, ArenaSite.CLOSE_CLEAN);
    }

    /// The error for an arena that contradicts itself.
    ///
    /// @param details `name=value` pairs that say where and what
    public ArenaUnusable corrupt(String details) {
        return new ArenaUnusable(
                ArenaFault.CORRUPT,
                "arena is corrupt: path=" + medium.name() + ", " + details,
                "restore the file from a copy");
    }

    /// Where the bytes are.
    public Medium medium() {
        return medium;
    }

    /// The bytes.
    public PersistentMemory memory() {
        return medium.memory();
    }

    /// Where everything lies.
    public Geometry geometry() {
        return fixed.geometry();
    }

    /// The arena's identity.
    public UUID uuid() {
        return fixed.uuid();
    }

    /// The node id in the arena's pointers.
    public int node() {
        return fixed.node();
    }

    /// The arena id in the arena's pointers.
    public int arenaId() {
        return fixed.arena();
    }

    /// The global pointer of an offset.
    public long pointer(long offset) {
        return GlobalPointer.of(fixed.node(), fixed.arena(), offset);
    }

    /// Whether the arena was closed with nothing left to find out; otherwise it needs recovery.
    public boolean wasClean() {
        return stateBefore == STATE_CLEAN;
    }

    /// Whether the last owner died without closing the arena.
    public boolean ownerDied() {
        return stateBefore == STATE_DIRTY;
    }

    /// How often the arena has been opened: its incarnation.
    public long generation() {
        return generation;
    }
}
