// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.quickstart;

import io.btd.cli.ExitCode;
import io.btd.cli.Main;
import io.btd.cli.Ramdisk;
import io.btd.cli.Subcommand;
import java.io.IOException;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `btd quickstart`.
@Command(
        name = "quickstart",
        description = "Index real files in an arena, kill that in the middle, recover, finish, search")
public final class QuickstartCommand implements Subcommand {
    @Option(names = "--seed", paramLabel = "N", description = "Repeat the run that printed this seed")
    private @Nullable Long seed;

    @Spec
    private CommandSpec spec;

    /// Made by the service loader.
    public QuickstartCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Screen screen = new Screen(Main.of(spec).out());
        long chosen = seed != null ? seed : new Random().nextInt(1_000_000);
        try (Workspace workspace = Workspace.create()) {
            new Quickstart(screen, workspace, chosen).run();
        } catch (CheckFailed failed) {
            System.err.println("quickstart: check failed: " + failed.getMessage());
            System.err.println("quickstart: to see it again: btd quickstart --seed " + chosen);
            return ExitCode.FAILED;
        }
        next(screen, System.nanoTime() - begin);
        screen.verdict("quickstart: ok");
        return ExitCode.OK;
    }

    private static void next(Screen screen, long nanos) {
        screen.plain("");
        screen.title("All of it, the cleaning up included", Screen.time(nanos));
        screen.plain("What to try next:");
        String arena = Ramdisk.orTemporary() + "/my.btd";
        screen.offer("./btd demo index --arena " + arena + " DIR", "your own files; kill it");
        screen.offer("./btd demo search --arena " + arena + " WORD", "ask it");
        screen.offer("./btd test", "run every test");
        screen.offer("docs/guide/quickstart.md", "what just happened");
    }
}
