// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.cli.config.ConfigKey;
import io.btd.cli.config.ConfigSources;
import io.btd.cli.config.Settings;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The `btd` command: finds its [Subcommand]s, runs one, and turns whatever goes wrong into one line and an
/// [ExitCode]. The options here are understood by every subcommand, before or behind its name.
@Command(
        name = "btd",
        description = {
            "A persistent memory allocator: malloc, memcpy, free,",
            "and nothing is lost or leaked when something dies."
        },
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions of every command:%n",
        sortOptions = false,
        footerHeading = "%nCommands of the launcher in a checkout:%n",
        footer = {
            "  test       run the tests; see btd test --help",
            "  lint       check the format of the code, and Error Prone",
            "  build      build what has changed (every command does)",
            "  clean      remove what was built",
            "  java-home  print which JDK is used",
            "",
            "Exit codes: 0 done, 1 a check failed or an internal error, 2 bad input,",
            "3 unreachable or past the deadline."
        })
public final class Main implements Runnable {

    /// What the launcher does by itself; here for suggestions only.
    static final List<String> LAUNCHER_COMMANDS = List.of("test", "lint", "build", "clean", "java-home");

    private static final int COLUMNS = 80;

    private final PrintStream out;
    private final PrintStream err;
    private final ConfigSources sources;

    @Option(names = "--config", paramLabel = "FILE", scope = ScopeType.INHERIT, description = "configuration file")
    private @Nullable Path configFile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description = "override a configuration key (see btd config)")
    private List<String> sets = List.of();

    @Option(names = "--trace", scope = ScopeType.INHERIT, description = "show where an error comes from")
    private boolean trace;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show this help")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "show the version")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    @Spec
    private CommandSpec spec;

    /// A command that speaks to `out` and `err` and takes its configuration from `sources`.
    public Main(PrintStream out, PrintStream err, ConfigSources sources) {
        this.out = out;
        this.err = err;
        this.sources = sources;
    }

    /// Runs `btd` in this process and ends the process with its exit code.
    public static void main(String[] args) {
        PrintStream out = new PrintStream(PipeOutput.ofProcess(), false, StandardCharsets.UTF_8);
        System.setOut(out);
        System.exit(new Main(out, System.err, ConfigSources.ofProcess()).run(args));
    }

    /// Runs one command line.
    ///
    /// @return one of [ExitCode]'s numbers
    public int run(String... args) {
        try {
            CommandLine commandLine = commandLine();
            int code = commandLine.execute(LeadingOptions.moved(commandLine, args));
            out.flush();
            return code;
        } catch (PipeOutput.Closed nobodyReads) {
            return ExitCode.PIPE_CLOSED;
        } catch (Throwable error) {
            return report(error);
        }
    }

    CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(this);
        ServiceLoader.load(Subcommand.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted((a, b) -> nameOf(a).compareTo(nameOf(b)))
                .forEach(commandLine::addSubcommand);
        PrintWriter writer = new PrintWriter(out, true, StandardCharsets.UTF_8);
        return commandLine
                .setOut(writer)
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setUsageHelpWidth(COLUMNS)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler((misuse, _) -> report(misuse))
                .setExecutionExceptionHandler(
                        (error, _, _) -> error instanceof PipeOutput.Closed ? ExitCode.PIPE_CLOSED : report(error));
    }

    private static String nameOf(Subcommand subcommand) {
        return subcommand.getClass().getAnnotation(Command.class).name();
    }

    private int report(Throwable error) {
        out.flush();
        Failure failure = Failure.of(error);
        err.println(failure.line(trace));
        if (trace) {
            error.printStackTrace(err);
        }
        return failure.exitCode();
    }

    /// Without a subcommand.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command; btd --help lists them");
    }

    /// Where raw bytes go; text goes through picocli's `getOut`.
    public PrintStream out() {
        return out;
    }

    /// The configuration from all its sources but the options of one subcommand.
    ///
    /// @throws io.btd.api.BtdException.InvalidConfig when there is a mistake in it
    public Settings settings() {
        Settings settings = sources.load(configFile(), sets);
        settings.get(ConfigKey.RDMA_PROVIDER)
                .ifPresent(provider -> System.setProperty("btd.rdma.provider", (String) provider.value()));
        return settings;
    }

    /// The file the settings come from, if there is one.
    public Optional<Path> settingsFile() {
        return sources.file(configFile());
    }

    private Optional<Path> configFile() {
        return Optional.ofNullable(configFile);
    }

    /// The command that `spec` belongs to.
    public static Main of(CommandSpec spec) {
        return (Main) spec.root().userObject();
    }
}
