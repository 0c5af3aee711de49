// SPDX-License-Identifier: Apache-2.0
package io.btd.pages;

import io.btd.cli.ExitCode;
import io.btd.cli.Main;
import io.btd.pmem.MemoryMedium;
import java.io.IOException;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;

/// Breaks the rules of the house, for the test that they are looked at. Never run.
public final class PlantedBreaches {
    private PlantedBreaches() {}

    /// An arrow that points upward.
    public static Class<?> arrow() {
        return Main.class;
    }

    /// A load behind the gateway's back.
    public static byte load(MemorySegment segment) {
        return segment.get(ValueLayout.JAVA_BYTE, ExitCode.OK);
    }

    /// A segment of an arena.
    public static MemorySegment raw(MemoryMedium medium) {
        return medium.segment();
    }

    /// A mapping of its own.
    public static Object map(FileChannel channel) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, 1);
    }

    /// A native call of its own.
    public static Linker linker() {
        return Linker.nativeLinker();
    }
}
