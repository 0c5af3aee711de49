// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.cli.config.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `btd put`: copies bytes into a block, failure-atomically.
@Command(name = "put", description = "Copy bytes into a block: after a crash all of them are there, or none.")
public final class PutCommand implements Subcommand {

    @Mixin
    private TargetOptions target;

    @Parameters(paramLabel = "PTR", description = "the block", converter = PointerConverter.class)
    private Long block;

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(
            names = "--offset",
            paramLabel = "N",
            description = "where in the block the first byte goes",
            converter = SizeConverter.class)
    private @Nullable ByteSize offset;

    @Spec
    private CommandSpec spec;

    /// Where the bytes come from.
    static final class Source {
        @Option(names = "--text", paramLabel = "TEXT", description = "the bytes, as UTF-8")
        private @Nullable String text;

        @Option(names = "--file", paramLabel = "FILE", description = "a file with the bytes; - for standard input")
        private @Nullable String file;
    }

    @Override
    public Integer call() {
        byte[] bytes = bytes();
        try (BtdCluster cluster = target.openExisting()) {
            cluster.memcpy(block + (offset == null ? 0 : offset.bytes()), MemorySegment.ofArray(bytes));
        }
        return ExitCode.OK;
    }

    private byte[] bytes() {
        if (source.text != null) {
            return source.text.getBytes(StandardCharsets.UTF_8);
        }
        String file = String.valueOf(source.file);
        // One byte more than can be copied, so that too many are refused and not cut.
        int limit = Math.toIntExact(BtdCluster.MAX_MEMCPY + 1);
        byte[] bytes;
        try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            bytes = in.readNBytes(limit);
        } catch (IOException unreadable) {
            throw new ParameterException(
                    spec.commandLine(), "cannot read: file=" + file + "; give a file that can be read", unreadable);
        }
        if (bytes.length == limit) {
            throw new BtdException.InvalidSize(
                    "too much for one copy: file=" + file + ", limit=" + BtdCluster.MAX_MEMCPY,
                    "copy it in parts, with --offset");
        }
        return bytes;
    }
}
