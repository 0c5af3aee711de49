// SPDX-License-Identifier: Apache-2.0
/// What real threads may see of each other's calls, under jcstress: each test is a race of a few calls on one arena,
/// run many thousand times on every mode of the compiler, with all that may come out of it listed.
@NullMarked
package io.btd.jcstress;

import org.jspecify.annotations.NullMarked;
