// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;

/// Lets the options of [TargetOptions] stand before the name of the subcommand they belong to:
/// `btd --cluster X roots list` is `btd roots list --cluster X`.
final class LeadingOptions {
    private static final Set<String> MOVED = Set.of("--arena", "--dir", "--cluster", "--deadline", "--capacity");

    private LeadingOptions() {}

    /// The same line with such options behind the name of the innermost subcommand; a line that names none stays as
    /// it is, for picocli to complain about.
    static String[] moved(CommandLine root, String[] line) {
        List<String> before = new ArrayList<>();
        List<String> options = new ArrayList<>();
        CommandLine command = root;
        int at = 0;
        while (at < line.length && !command.getSubcommands().isEmpty()) {
            String word = line[at++];
            if (MOVED.contains(word) && at < line.length) {
                options.add(word);
                options.add(line[at++]);
            } else if (MOVED.contains(word.replaceFirst("=.*", ""))) {
                options.add(word);
            } else {
                before.add(word);
                if (takesNextWord(root, word) && at < line.length) {
                    before.add(line[at++]);
                } else if (command.getSubcommands().containsKey(word)) {
                    command = command.getSubcommands().get(word);
                } else if (!word.startsWith("-")) {
                    return line;
                }
            }
        }
        if (options.isEmpty() || !command.getSubcommands().isEmpty()) {
            return line;
        }
        List<String> all = new ArrayList<>(before);
        all.addAll(options);
        all.addAll(List.of(line).subList(at, line.length));
        return all.toArray(String[]::new);
    }

    private static boolean takesNextWord(CommandLine root, String word) {
        CommandLine.Model.OptionSpec option = root.getCommandSpec().findOption(word);
        return option != null && option.arity().min() > 0;
    }
}
