// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

/// What `btd` returns to the shell.
public final class ExitCode {
    /// Done.
    public static final int OK = 0;
    /// A check failed, or an internal error.
    public static final int FAILED = 1;
    /// Bad input: arguments, configuration, files, pointers.
    public static final int BAD_INPUT = 2;
    /// Something could not be reached, or a deadline passed.
    public static final int UNREACHABLE = 3;
    /// Nobody reads the output any more: what shells report for programs that end by SIGPIPE.
    public static final int PIPE_CLOSED = 141;

    private ExitCode() {}
}
