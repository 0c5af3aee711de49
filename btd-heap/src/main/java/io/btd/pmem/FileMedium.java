// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.ArenaUnusable;
import io.btd.api.PersistenceDomain;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An arena in a mapped file. Holds the open file (whose lock says who owns the arena) and the mapping,
/// both until the last user lets go.
public final class FileMedium implements Medium {
    private final Path path;
    private final int fd;
    private final boolean shared;
    private final Arena mapping = Arena.ofShared();
    private final PersistentMemory memory;
    private final AtomicInteger users = new AtomicInteger(1);

    private FileMedium(Path path, int fd, long bytes, boolean shared, @Nullable PersistenceDomain forced)
            throws Libc.Failure {
        this.path = path;
        this.fd = fd;
        this.shared = shared;
        boolean mapped = false;
        try {
            memory = shared
                    ? mapShared(path, fd, bytes, forced)
                    : new PersistentMemory(
                            Libc.mapPrivate(fd, bytes, mapping), new WriteBack.Ordered(PersistenceDomain.PROCESS));
            mapped = true;
        } finally {
            if (!mapped) {
                mapping.close();
            }
        }
    }

    private PersistentMemory mapShared(Path path, int fd, long bytes, @Nullable PersistenceDomain forced)
            throws Libc.Failure {
        boolean ramdisk = isRamdisk(path);
        Optional<MemorySegment> dax = ramdisk ? Optional.empty() : Libc.mapSync(fd, bytes, mapping);
        MemorySegment segment = dax.isPresent() ? dax.get() : Libc.mapShared(fd, bytes, mapping);
        return new PersistentMemory(segment, writeBack(path, ramdisk, dax.isPresent(), forced));
    }

    private static WriteBack writeBack(Path path, boolean ramdisk, boolean dax, @Nullable PersistenceDomain forced) {
        PersistenceDomain detected =
                ramdisk ? PersistenceDomain.PROCESS : dax ? PersistenceDomain.CACHE_LINE : PersistenceDomain.PAGE;
        PersistenceDomain domain = forced == null ? detected : forced;
        boolean needsDax = domain == PersistenceDomain.CACHE_LINE || domain == PersistenceDomain.EADR;
        if (needsDax && !ramdisk && !dax) {
            throw new ArenaUnusable(
                    ArenaFault.UNSUPPORTED,
                    "domain cannot be forced on an ordinary file: domain=" + domain.configName() + ", path=" + path,
                    "use a DAX file system or a ramdisk, or domain=page");
        }
        return switch (domain) {
            case PROCESS -> new WriteBack.Ordered(domain);
            case EADR -> new WriteBack.Eadr();
            case CACHE_LINE -> new WriteBack.CacheLine();
            case PAGE -> new WriteBack.Page();
        };
    }

    /// Maps an open file, which this medium closes. `shared` maps the file itself; otherwise stores stay in
    /// this process and nothing reaches the file.
    static FileMedium map(Path path, int fd, long bytes, boolean shared, @Nullable PersistenceDomain forced) {
        try {
            return new FileMedium(path, fd, bytes, shared, forced);
        } catch (Libc.Failure e) {
            throw FileErrors.of(path, e);
        }
    }

    private static boolean isRamdisk(Path path) {
        try {
            Path existing = Files.exists(path) ? path : path.toAbsolutePath().getParent();
            String type = Files.getFileStore(existing).type();
            return type.equals("tmpfs") || type.equals("ramfs");
        } catch (IOException e) {
            throw FileErrors.of(path, e);
        }
    }

    @Override
    public PersistentMemory memory() {
        return memory;
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public boolean reserve(long offset, long bytes) {
        if (!shared) {
            return true;
        }
        try {
            Libc.reserve(fd, offset, bytes);
            return true;
        } catch (Libc.Failure e) {
            if (e.errno() == Libc.ENOSPC || e.errno() == Libc.EDQUOT) {
                return false;
            }
            throw FileErrors.of(path, e);
        }
    }

    @Override
    public void punch(long offset, long bytes) {
        if (!shared) {
            return;
        }
        try {
            Libc.punch(fd, offset, bytes);
        } catch (Libc.Failure e) {
            throw FileErrors.of(path, e);
        }
    }

    @Override
    public boolean retain() {
        return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) != 0;
    }

    @Override
    public void release() {
        if (users.decrementAndGet() == 0) {
            mapping.close();
            Libc.close(fd);
        }
    }

    @Override
    public void close() {
        release();
    }
}
