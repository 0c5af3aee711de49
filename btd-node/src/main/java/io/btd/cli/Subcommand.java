// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import java.util.concurrent.Callable;

/// A subcommand of `btd`. Implementations carry picocli's `@Command`, are found by
/// [java.util.ServiceLoader] and made anew for each run; so modules above this one bring their own.
/// `call` returns one of [ExitCode]'s numbers; a thrown [io.btd.api.BtdException] is printed as one line.
public interface Subcommand extends Callable<Integer> {}
