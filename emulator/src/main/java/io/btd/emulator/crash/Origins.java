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
    private static final Map<Integer, String> NAMES = new ConcurrentHashMap<>();

    private Origins() {}

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
            if (name.startsWith("io.btd.pmem.") || name.startsWith("io.btd.emulator.crash.")) {
                continue;
            }
            if (name.startsWith("io.btd.emulator.explore.")) {
                break;
            }
            top = top == null ? frame : top;
            hash = 31 * hash + name.hashCode() + 17 * frame.getByteCodeIndex();
            depth++;
        }
        if (top != null && !NAMES.containsKey(hash)) {
            String simple = top.getClassName().substring(top.getClassName().lastIndexOf('.') + 1);
            NAMES.put(hash, simple + "." + top.getMethodName() + ":" + top.getLineNumber());
        }
        return hash;
    }

    /// The place with a number, for people.
    static String name(int origin) {
        return NAMES.getOrDefault(origin, "somewhere");
    }
}
