// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import io.btd.api.GlobalPointer;
import io.btd.api.Roots;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `btd roots`: the named blocks, from which everything else is reached.
@Command(
        name = "roots",
        description = "List, read and change the named blocks of an arena or cluster.",
        synopsisSubcommandLabel = "COMMAND")
public final class RootsCommand implements Subcommand {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "no command; btd roots --help lists them");
    }

    @Command(name = "list", description = "List every name with its block, and the numbered slots in use.")
    Integer list(@Mixin TargetOptions target) {
        try (BtdCluster cluster = target.openExisting()) {
            Roots roots = cluster.roots();
            PrintWriter out = spec.commandLine().getOut();
            for (String name : roots.names()) {
                out.println(GlobalPointer.toString(roots.get(name)) + "  " + OneLine.of(name));
            }
            for (int slot = 0; slot < Roots.SLOTS; slot++) {
                if (roots.slot(slot) != GlobalPointer.NULL) {
                    out.println(GlobalPointer.toString(roots.slot(slot)) + "  (slot " + slot + ")");
                }
            }
        }
        return ExitCode.OK;
    }

    @Command(name = "get", description = "Print the block published under a name.")
    Integer get(@Mixin TargetOptions target, @Parameters(paramLabel = "NAME", description = "the name") String name) {
        try (BtdCluster cluster = target.openExisting()) {
            spec.commandLine().getOut().println(GlobalPointer.toString(required(cluster, name)));
        }
        return ExitCode.OK;
    }

    @Command(name = "put", description = "Publish a block under a name. A block that was there is unlinked, not freed.")
    Integer put(
            @Mixin TargetOptions target,
            @Parameters(paramLabel = "NAME", description = "the name") String name,
            @Parameters(paramLabel = "PTR", description = "the block", converter = PointerConverter.class) Long block) {
        try (BtdCluster cluster = target.openExisting()) {
            sayUnlinked(cluster.roots().put(name, block));
        }
        return ExitCode.OK;
    }

    @Command(name = "rm", description = "Remove a name. Its block is unlinked, not freed; btd free --root does both.")
    Integer rm(@Mixin TargetOptions target, @Parameters(paramLabel = "NAME", description = "the name") String name) {
        try (BtdCluster cluster = target.openExisting()) {
            long block = required(cluster, name);
            if (!cluster.roots().remove(name, block)) {
                throw absent(name);
            }
            sayUnlinked(block);
        }
        return ExitCode.OK;
    }

    private void sayUnlinked(long block) {
        if (block != GlobalPointer.NULL) {
            spec.commandLine().getErr().println("unlinked, not freed: " + GlobalPointer.toString(block));
        }
    }

    /// The block under `name`.
    ///
    /// @throws BtdException.InvalidRoot when there is none
    static long required(BtdCluster cluster, String name) {
        long block = cluster.roots().get(name);
        if (block == GlobalPointer.NULL) {
            throw absent(name);
        }
        return block;
    }

    private static BtdException absent(String name) {
        return new BtdException.InvalidRoot("no such root: name=" + name, "btd roots list shows what there is");
    }
}
