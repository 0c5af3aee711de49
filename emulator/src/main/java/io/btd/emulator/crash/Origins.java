// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.crash;

import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Numbers the places of a program that store, by the calls that led there. Thread-safe.
final class Origins {
    private static final int DEPTH = 6;
    private static final StackWalker WALKER = StackWalker.getInstance();
    private static final String HERE = "io.btd.emulator.crash.";
    private static final String GATEWAY = "io.btd.pmem.PersistentMemory";
    private static final Map<Integer, Place> PLACES = new ConcurrentHashMap<>();

    private Origins() {}

    /// A place in the program.
    ///
    /// @param method as `Class.method`
    private record Place(String method, int line) {
        static Place of(StackFrame frame) {
            return new Place(
                    frame.getClassName().replaceFirst(".*[.$]", "") + "." + method(frame), frame.getLineNumber());
        }

        /// `lambda$apply$0` is what its author calls `apply`.
        private static String method(StackFrame frame) {
            return frame.getMethodName()
                    .replaceFirst("^lambda\\$([^$]*)\\$.*", "$1")
                    .replace("<init>", "new");
        }
    }

    /// The number of the calling place; never 0.
    static int here() {
        return WALKER.walk(frames -> number(frames.iterator()));
    }

    private static int number(Iterator<StackFrame> frames) {
        int hash = 1;
        int depth = 0;
        StackFrame top = null;
        while (frames.hasNext() && depth < DEPTH) {
            StackFrame frame = frames.next();
            String name = frame.getClassName();
            if (name.startsWith(GATEWAY) || name.startsWith(HERE)) {
                continue;
            }
            if (name.startsWith("io.btd.emulator.explore.")) {
                break;
            }
            top = top == null ? frame : top;
            hash = 31 * hash + name.hashCode() + 17 * frame.getByteCodeIndex();
            depth++;
        }
        if (top != null && !PLACES.containsKey(hash)) {
            PLACES.put(hash, Place.of(top));
        }
        return hash;
    }

    /// The place with a number, for people.
    static String name(int origin) {
        Place place = PLACES.get(origin);
        return place == null ? "somewhere" : place.method() + ":" + place.line();
    }

    /// The method that stored, as `Class.method`; empty where nobody asked.
    static String method(int origin) {
        Place place = PLACES.get(origin);
        return place == null ? "" : place.method();
    }
}
