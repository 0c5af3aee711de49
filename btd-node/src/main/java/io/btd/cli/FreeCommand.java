// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.BtdCluster;
import io.btd.api.BtdException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `btd free`: frees a block by its pointer, or by its name, which is removed before.
@Command(name = "free", description = "Free a block.")
public final class FreeCommand implements Subcommand {

    @Mixin
    private TargetOptions target;

    @ArgGroup(multiplicity = "1")
    private Which which;

    /// A pointer or a name.
    static final class Which {
        @Parameters(paramLabel = "PTR", description = "the block", converter = PointerConverter.class)
        private @Nullable Long block;

        @Option(names = "--root", paramLabel = "NAME", description = "the name of the block; it is removed")
        private @Nullable String root;
    }

    @Override
    public Integer call() {
        try (BtdCluster cluster = target.openExisting()) {
            if (which.block != null) {
                cluster.free(which.block);
            } else if (which.root != null) {
                long named = RootsCommand.required(cluster, which.root);
                // A crash between the two leaves a block nothing leads to: recovery takes it back.
                if (!cluster.roots().remove(which.root, named)) {
                    throw new BtdException.InvalidRoot("root has changed: name=" + which.root, "try again");
                }
                cluster.free(named);
            }
        }
        return ExitCode.OK;
    }
}
