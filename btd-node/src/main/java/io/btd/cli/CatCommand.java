// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.BtdCluster;
import io.btd.cli.config.ByteSize;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `btd cat`: writes the bytes of a block to standard output.
@Command(name = "cat", description = "Write the bytes of a block to standard output.")
public final class CatCommand implements Subcommand {
    private static final int CHUNK = 1 << 16;

    @Mixin
    private TargetOptions target;

    @Parameters(paramLabel = "PTR", description = "the block", converter = PointerConverter.class)
    private Long block;

    @Option(
            names = "--length",
            paramLabel = "N",
            description = "how many bytes; all of the block if left out",
            converter = SizeConverter.class)
    private @Nullable ByteSize length;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintStream out = Main.of(spec).out();
        try (BtdCluster cluster = target.openExisting()) {
            long bytes = length == null ? cluster.usableSize(block) : checked(length);
            byte[] chunk = new byte[(int) Math.min(bytes, CHUNK)];
            for (long at = 0; at < bytes; at += CHUNK) {
                int count = (int) Math.min(bytes - at, CHUNK);
                cluster.read(block + at, MemorySegment.ofArray(chunk).asSlice(0, count));
                out.write(chunk, 0, count);
            }
            out.flush();
        }
        return ExitCode.OK;
    }

    private static long checked(ByteSize length) {
        if (length.bytes() < 0) {
            throw new io.btd.api.BtdException.InvalidSize("length refused: length=" + length.bytes(), "use 0 or more");
        }
        return length.bytes();
    }
}
