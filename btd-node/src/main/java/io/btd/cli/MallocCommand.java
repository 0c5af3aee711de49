// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.Alloc;
import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.GlobalPointer;
import io.btd.cli.config.ByteSize;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `btd malloc`: allocates a block and prints its pointer.
@Command(
        name = "malloc",
        description = {
            "Allocate a block and print its pointer.",
            "Without --root nothing leads to the block, so it comes back when the command ends: its session ends then."
        })
public final class MallocCommand implements Subcommand {

    @Mixin
    private TargetOptions target;

    @Parameters(paramLabel = "SIZE", description = "bytes, or with a unit: 64KiB", converter = SizeConverter.class)
    private ByteSize size;

    @Option(names = "--root", paramLabel = "NAME", description = "publish it under this name")
    private @Nullable String root;

    @Option(names = "--opaque", description = "it holds no pointers: the collector does not look inside")
    private boolean opaque;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (BtdCluster cluster = target.open()) {
            long block = cluster.malloc(size.bytes(), opaque ? Alloc.OPAQUE.withZeroes() : Alloc.POINTERS);
            if (root != null) {
                publish(cluster, root, block);
            }
            spec.commandLine().getOut().println(GlobalPointer.toString(block));
        }
        if (root == null) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "not published: the session that held it ends with this command, so it is free again; use --root");
        }
        return ExitCode.OK;
    }

    private static void publish(BtdCluster cluster, String root, long block) {
        long there;
        try {
            there = cluster.roots().putIfAbsent(root, block);
        } catch (BtdException refused) {
            cluster.free(block);
            throw refused;
        }
        if (there != GlobalPointer.NULL) {
            cluster.free(block);
            throw new BtdException.InvalidRoot(
                    "name is taken: name=" + root + ", block=" + GlobalPointer.toString(there),
                    "choose another, or btd free --root " + root + " first");
        }
    }
}
