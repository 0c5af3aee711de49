// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/// Sees every operation on persistent memory: each is a scheduling point before it happens and a recorded
/// persistence event after. There is at most one hook per process, named by the system property
/// `btd.pmem.hook` when the gateway is first used; without it the calls do not exist in compiled code.
public interface MemoryHook {

    /// The system property that names the hook's class.
    String PROPERTY = "btd.pmem.hook";

    /// What is about to happen.
    enum Access {
        /// A load.
        LOAD,
        /// A store.
        STORE,
        /// A read-modify-write.
        UPDATE,
        /// A write-back.
        WRITE_BACK,
        /// A fence.
        FENCE
    }

    /// Called before each operation: a point where a scheduler may switch, and a record of what is read.
    void before(PersistentMemory memory, Access access, long offset, long bytes);

    /// Called after `bytes` bytes at `offset` were stored; the memory holds the new content.
    ///
    /// @param ordered whether earlier stores of this thread to the same line come before it (release,
    ///     volatile, read-modify-write), or whether it may reach the medium before them (plain, bulk)
    void stored(PersistentMemory memory, long offset, long bytes, boolean ordered);

    /// Called after the write-back, unless the site's write-back is switched off.
    void wroteBack(PersistentMemory memory, long offset, long bytes, PersistSite site);

    /// Called after the fence, unless the site's fence is switched off.
    void fenced(PersistentMemory memory, PersistSite site);

    /// Whether the write-back (or the fence) at `site` is switched off.
    boolean suppresses(PersistSite site, Access access);

    /// Called before an access to volatile state that threads share: a point where a scheduler may switch.
    default void point() {}

    /// Called by a thread that cannot go on before another one has done something. True when others were let run;
    /// otherwise the caller waits by itself.
    default boolean waits() {
        return false;
    }

    /// Loads the hook that the system property names; `null` without one.
    static @Nullable MemoryHook load() {
        String name = System.getProperty(PROPERTY);
        if (name == null || name.isEmpty()) {
            return null;
        }
        try {
            return Class.forName(name)
                    .asSubclass(MemoryHook.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("memory hook cannot be loaded: class=" + name, e);
        }
    }
}
