// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.BtdException;
import io.btd.cli.config.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What the user is told of an error: `btd: CODE: message` on one line, and the exit code.
///
/// @param code the word scripts look for: one of [io.btd.api.ErrorCode], `USAGE` or `INTERNAL`
/// @param message what happened and what to do
/// @param exitCode one of [ExitCode]'s numbers
record Failure(String code, String message, int exitCode) {
    private static final String INTERNAL = "INTERNAL";
    private static final String USAGE = "USAGE";

    static Failure of(Throwable error) {
        return switch (error) {
            case BtdException typed -> of(typed);
            case UnmatchedArgumentException unmatched -> ofUnmatched(unmatched);
            case ParameterException misuse when misuse.getCause() instanceof BtdException typed -> of(typed);
            case ParameterException misuse -> usage(misuse, inOurWords(misuse.getMessage()));
            case CompletionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
            case ExecutionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
            default -> {
                String message = error.getMessage();
                String name = error.getClass().getSimpleName();
                yield new Failure(INTERNAL, message == null ? name : name + ": " + message, ExitCode.FAILED);
            }
        };
    }

    private static Failure of(BtdException error) {
        int exitCode = switch (error) {
            case BtdException.InvalidSize _,
                    BtdException.InvalidPointer _,
                    BtdException.InvalidRoot _,
                    BtdException.InvalidLayout _,
                    BtdException.InvalidConfig _,
                    BtdException.ArenaUnusable _,
                    BtdException.ArenaOwned _,
                    BtdException.DurabilityRefused _,
                    BtdException.NotLocal _ -> ExitCode.BAD_INPUT;
            case BtdException.Full _,
                    BtdException.LogFull _,
                    BtdException.Pinned _,
                    BtdException.WrongThread _,
                    BtdException.Closed _,
                    BtdException.OutcomeUnknown _,
                    BtdException.SessionLost _,
                    BtdException.Unauthenticated _,
                    BtdException.Protocol _ -> ExitCode.FAILED;
            case BtdException.Unreachable _,
                    BtdException.NodeDown _,
                    BtdException.Deadline _,
                    BtdException.Recovering _,
                    BtdException.Busy _ -> ExitCode.UNREACHABLE;
        };
        return new Failure(error.code().name(), String.valueOf(error.getMessage()), exitCode);
    }

    private static Failure ofUnmatched(UnmatchedArgumentException unmatched) {
        CommandLine command = unmatched.getCommandLine();
        String first = unmatched.getUnmatched().getFirst();
        List<String> candidates = new ArrayList<>();
        String kind;
        if (first.startsWith("-")) {
            kind = "option";
            command.getCommandSpec().options().forEach(option -> candidates.addAll(List.of(option.names())));
        } else if (!command.getSubcommands().isEmpty()) {
            kind = "command";
            candidates.addAll(command.getSubcommands().keySet());
            if (command.getParent() == null) {
                candidates.addAll(Main.LAUNCHER_COMMANDS);
            }
        } else {
            return usage(unmatched, "unexpected argument: argument=" + first);
        }
        String name = first.replaceFirst("=.*", "");
        return Nearest.to(name, candidates)
                .map(near -> new Failure(
                        USAGE,
                        "unknown " + kind + ": " + kind + "=" + name + "; did you mean " + near + "?",
                        ExitCode.BAD_INPUT))
                .orElseGet(() -> usage(unmatched, "unknown " + kind + ": " + kind + "=" + name));
    }

    private static Failure usage(ParameterException misuse, String what) {
        String name = misuse.getCommandLine().getCommandSpec().qualifiedName();
        String hint = what.contains("; ") ? "" : "; see " + name + " --help";
        return new Failure(USAGE, what + hint, ExitCode.BAD_INPUT);
    }

    private static String inOurWords(@Nullable String message) {
        String said = String.valueOf(message).replaceFirst("^[Ee]rror: ", "");
        return Character.toLowerCase(said.charAt(0)) + said.substring(1);
    }

    /// One line, whatever the message holds.
    ///
    /// @param traced whether the stack is shown anyway
    String line(boolean traced) {
        String line = "btd: " + code + ": " + OneLine.of(message.strip());
        if (code.equals(INTERNAL) && !traced) {
            return line + "; run it again with --trace to see where it comes from";
        }
        return line;
    }
}
