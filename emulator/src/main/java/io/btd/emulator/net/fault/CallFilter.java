// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Stands between a client and its cluster, around every call.
@FunctionalInterface
public interface CallFilter {

    /// Makes the call, or does something else instead.
    ///
    /// @param method name of the method; those of roots begin with `roots.`
    /// @param arguments of the call; may be changed
    /// @param call makes the call with the arguments as they are then
    /// @return what the caller is to see
    @Nullable
    Object around(String method, Object[] arguments, Supplier<@Nullable Object> call);
}
