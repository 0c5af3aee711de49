// SPDX-License-Identifier: Apache-2.0
package io.btd.cli.quickstart;

import java.io.PrintStream;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/// What the quickstart shows: numbered steps with their time at the right, notes below them, 80 columns.
/// Colours only where picocli finds a terminal that wants them.
final class Screen {
    private static final int WIDTH = 78;

    private final PrintStream out;
    private final boolean colours = Ansi.AUTO.enabled();
    private int step;

    Screen(PrintStream out) {
        this.out = out;
    }

    /// A title, with something small at the right.
    void title(String text, String right) {
        show(paint("1", text) + padding(text, right) + paint("2", right));
    }

    /// A finished step and how long it took.
    void step(String text, long nanos) {
        String left = ++step + "  " + text;
        String right = time(nanos);
        show("");
        show(paint("1;36", Integer.toString(step)) + left.substring(1) + padding(left, right) + paint("2", right));
    }

    /// A line below a step.
    void note(String text) {
        show("   " + text);
    }

    /// A name and what it is.
    void fact(String name, String text) {
        note("%-13s".formatted(name) + text);
    }

    /// A line of code, and what came of it.
    void code(String code, String comment) {
        note("  " + paint("33", code)
                + (comment.isEmpty() ? "" : " ".repeat(Math.max(1, 34 - code.length())) + comment));
    }

    /// A check that held.
    void held(String text) {
        note(paint("32", "ok") + "  " + text);
    }

    /// A line without anything around it.
    void plain(String text) {
        show(text);
    }

    /// A command, and what it is good for.
    void offer(String command, String purpose) {
        show("  " + paint("33", command) + " ".repeat(Math.max(2, 50 - command.length())) + purpose);
    }

    /// The last line.
    void verdict(String text) {
        show("");
        show(paint("1;32", text));
    }

    /// At once, so that the reader sees how it goes on.
    private void show(String line) {
        out.println(line);
        out.flush();
    }

    private String paint(String style, String text) {
        return colours ? "\u001b[" + style + "m" + text + "\u001b[0m" : text;
    }

    private static String padding(String left, String right) {
        return " ".repeat(Math.max(1, WIDTH - left.length() - right.length()));
    }

    /// A duration for people.
    static String time(long nanos) {
        if (nanos < 10_000_000) {
            return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
        }
        return nanos < 1_000_000_000
                ? String.format(Locale.ROOT, "%d ms", nanos / 1_000_000)
                : String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    /// A number of bytes for people.
    static String bytes(long bytes) {
        if (bytes < 10 << 10) {
            return String.format(Locale.ROOT, "%,d B", bytes);
        }
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%d KiB", bytes >> 10)
                : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }

    /// A number for people.
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
