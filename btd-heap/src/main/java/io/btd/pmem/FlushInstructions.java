// SPDX-License-Identifier: Apache-2.0
package io.btd.pmem;

import io.btd.api.BtdException.ArenaFault;
import io.btd.api.BtdException.ArenaUnusable;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// The machine's cache-line write-back and store fence, as two functions written into executable memory:
/// `CLWB` (else `CLFLUSHOPT`, else `CLFLUSH`) and `SFENCE` on x86-64, `DC CVAP` (else `DC CVAC`) and
/// `DSB ISH` on arm64. One instance per process, made when a domain first needs it.
@SuppressWarnings("restricted")
final class FlushInstructions {

    /// Assumed where the machine does not say: smaller steps than the line only repeat a write-back.
    static final int LINE = 64;

    private final MethodHandle writeBack;
    private final MethodHandle fence;
    private final String name;

    private static final class Holder {
        private static final FlushInstructions INSTANCE =
                new FlushInstructions(System.getProperty("os.arch", ""), cpuFlags());
    }

    /// The process's instance.
    ///
    /// @throws ArenaUnusable where the processor has no such instruction or executable memory is denied
    static FlushInstructions get() {
        try {
            return Holder.INSTANCE;
        } catch (ExceptionInInitializerError e) {
            if (e.getCause() instanceof ArenaUnusable cause) {
                throw cause;
            }
            throw e;
        }
    }

    private FlushInstructions(String architecture, String flags) {
        byte[] lineCode;
        byte[] fenceCode;
        switch (architecture) {
            case "amd64", "x86_64" -> {
                // loop: OP [rdi]; add rdi, 64; cmp rdi, rsi; jb loop; ret
                byte[] operation;
                if (flags.contains(" clwb ")) {
                    name = "CLWB";
                    operation = bytes(0x66, 0x0f, 0xae, 0x37);
                } else if (flags.contains(" clflushopt ")) {
                    name = "CLFLUSHOPT";
                    operation = bytes(0x66, 0x0f, 0xae, 0x3f);
                } else {
                    name = "CLFLUSH";
                    operation = bytes(0x0f, 0xae, 0x3f);
                }
                byte[] advance = bytes(0x48, 0x83, 0xc7, LINE, 0x48, 0x39, 0xf7, 0x72);
                int back = -(operation.length + advance.length + 1);
                lineCode = concat(operation, advance, bytes(back, 0xc3));
                fenceCode = bytes(0x0f, 0xae, 0xf8, 0xc3);
            }
            case "aarch64" -> {
                // loop: dc OP, x0; add x0, x0, #64; cmp x0, x1; b.lo loop; ret
                boolean persistence = flags.contains(" dcpop ");
                name = persistence ? "DC CVAP" : "DC CVAC";
                lineCode = words(persistence ? 0xd50b7c20 : 0xd50b7a20, 0x91010000, 0xeb01001f, 0x54ffffa3, 0xd65f03c0);
                fenceCode = words(0xd5033b9f, 0xd65f03c0);
            }
            default ->
                throw new ArenaUnusable(
                        ArenaFault.UNSUPPORTED,
                        "no cache-line write-back for this processor: architecture=" + architecture,
                        "use domain=process on a ramdisk");
        }
        MemorySegment code = Libc.executable(concat(lineCode, padding(lineCode.length), fenceCode));
        long fenceAt = lineCode.length + (long) padding(lineCode.length).length;
        Linker linker = Linker.nativeLinker();
        writeBack = linker.downcallHandle(
                code,
                FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
                Linker.Option.critical(false));
        fence = linker.downcallHandle(
                code.asSlice(fenceAt), FunctionDescriptor.ofVoid(), Linker.Option.critical(false));
    }

    /// The write-back instruction in use.
    String instruction() {
        return name;
    }

    /// Writes back every line that `[address, address + bytes)` touches; nothing for an empty range.
    void writeBack(long address, long bytes) {
        if (bytes <= 0) {
            return;
        }
        try {
            writeBack.invokeExact(address & -LINE, address + bytes);
        } catch (Throwable e) {
            throw new IllegalStateException("write-back stub failed", e);
        }
    }

    /// Waits for the write-backs of this thread.
    void fence() {
        try {
            fence.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("fence stub failed", e);
        }
    }

    private static String cpuFlags() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
                if (line.startsWith("flags") || line.startsWith("Features")) {
                    return " " + line.substring(line.indexOf(':') + 1).strip() + " ";
                }
            }
        } catch (IOException unreadable) {
            // fall back to what every processor has
        }
        return " ";
    }

    private static byte[] padding(int length) {
        return new byte[(LINE - length % LINE) % LINE];
    }

    private static byte[] bytes(int... values) {
        byte[] result = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (byte) values[i];
        }
        return result;
    }

    private static byte[] words(int... values) {
        byte[] result = new byte[values.length * 4];
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) (values[i / 4] >>> 8 * (i % 4));
        }
        return result;
    }

    private static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] result = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, result, at, part.length);
            at += part.length;
        }
        return result;
    }
}
