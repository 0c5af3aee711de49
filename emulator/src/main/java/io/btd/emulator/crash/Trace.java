// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import io.btd.pmem.PersistSite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a program did to one persistent memory, in order: stores of 8-byte words that changed something,
/// write-backs, fences, and the promises it made. Positions count events from 0. Not thread-safe.
public final class Trace {

    /// What happened.
    public enum Kind {
        /// A word may reach the medium before or after its neighbours in the line.
        STORE,
        /// A word that stays behind earlier stores to its line.
        ORDERED_STORE,
        /// A thread read a word that another one stored.
        FOREIGN_LOAD,
        /// Lines are on their way.
        WRITE_BACK,
        /// What was on its way has arrived.
        FENCE,
        /// From here on something else is promised.
        PROMISE
    }

    private static final int OBJECT = (1 << 24) - 1;
    private static final Kind[] KINDS = Kind.values();

    @SuppressWarnings("EnumOrdinal") // as in add
    private static final int STORED = Kind.ORDERED_STORE.ordinal();

    @SuppressWarnings("EnumOrdinal") // as in add
    private static final int WROTE_BACK = Kind.WRITE_BACK.ordinal();

    private static final int THREAD_SHIFT = 4;
    private static final int KIND_MASK = (1 << THREAD_SHIFT) - 1;

    private byte[] kinds = new byte[1024];
    private int[] places = new int[1024];
    private long[] values = new long[1024];
    private int[] origins = new int[1024];
    private int size;
    private final List<Object> objects = new ArrayList<>();

    void store(int thread, int word, long value, boolean ordered, int origin) {
        add(ordered ? Kind.ORDERED_STORE : Kind.STORE, word, value);
        kinds[size - 1] |= (byte) (thread << THREAD_SHIFT);
        origins[size - 1] = origin;
    }

    /// A thread has read a word that another one stored last.
    void foreignLoad(int thread, int word) {
        add(Kind.FOREIGN_LOAD, word, 0);
        kinds[size - 1] |= (byte) (thread << THREAD_SHIFT);
    }

    void writeBack(int thread, int firstLine, int lines, PersistSite site) {
        add(Kind.WRITE_BACK, firstLine, (long) lines << 32 | (long) thread << 24 | object(site));
    }

    void fence(int thread, PersistSite site) {
        add(Kind.FENCE, 0, (long) thread << 24 | object(site));
    }

    void promise(Promise promise) {
        objects.add(promise);
        add(Kind.PROMISE, 0, objects.size() - 1);
    }

    /// Who made a store.
    ///
    /// @param thread its number, as of fences
    /// @param method as `Class.method`
    public record Caller(int thread, String method) {}

    private int object(Object object) {
        for (int i = objects.size() - 1; i >= 0; i--) {
            if (objects.get(i) == object) {
                return i;
            }
        }
        objects.add(object);
        return objects.size() - 1;
    }

    @SuppressWarnings("EnumOrdinal") // a byte of a trace that lives as long as the process
    private void add(Kind kind, int place, long value) {
        if (size == kinds.length) {
            kinds = Arrays.copyOf(kinds, size * 2);
            places = Arrays.copyOf(places, size * 2);
            values = Arrays.copyOf(values, size * 2);
            origins = Arrays.copyOf(origins, size * 2);
        }
        kinds[size] = (byte) kind.ordinal();
        places[size] = place;
        values[size++] = value;
    }

    /// How many events there are.
    public int size() {
        return size;
    }

    /// What event `position` is.
    public Kind kind(int position) {
        return KINDS[kinds[position] & KIND_MASK];
    }

    /// The word a store changed.
    public int word(int position) {
        return places[position];
    }

    /// The value a store left.
    public long value(int position) {
        return values[position];
    }

    /// The first line of a write-back.
    public int firstLine(int position) {
        return places[position];
    }

    /// How many lines were written back.
    public int lines(int position) {
        return (int) (values[position] >>> 32);
    }

    /// The site of a write-back or fence.
    public PersistSite site(int position) {
        return (PersistSite) objects.get((int) values[position] & OBJECT);
    }

    /// Who made a store; nobody, where nobody asked. See [Recorder#explain].
    public Caller caller(int position) {
        return new Caller(thread(position), Origins.method(origins[position]));
    }

    /// Which thread stored, loaded, wrote back or fenced: a fence completes the write-backs of its own thread.
    public int thread(int position) {
        int event = kinds[position];
        return (event & KIND_MASK) < WROTE_BACK ? event >>> THREAD_SHIFT : (int) values[position] >>> 24 & 0xff;
    }

    /// The place in the program that stored, as [Origins] numbers them; 0 where nobody asked.
    public int origin(int position) {
        return origins[position];
    }

    /// Whether the event is a store.
    boolean stores(int position) {
        return (kinds[position] & KIND_MASK) <= STORED;
    }

    /// What was promised.
    public Promise promised(int position) {
        return (Promise) objects.get((int) values[position]);
    }

    /// Forgets everything.
    public void clear() {
        size = 0;
        objects.clear();
    }

    /// The same events, for keeps.
    Trace copy() {
        Trace copy = new Trace();
        copy.kinds = kinds.clone();
        copy.places = places.clone();
        copy.values = values.clone();
        copy.origins = origins.clone();
        copy.size = size;
        copy.objects.addAll(objects);
        return copy;
    }
}
