// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.net.fault;

import io.btd.api.BtdCluster;
import io.btd.api.Roots;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A cluster, and its roots, with a filter around every call. Calls on views for another place or deadline go through
/// the same filter. Does not reach into asynchronous calls, batches and local allocators.
public final class FilteredCluster {
    private FilteredCluster() {}

    /// Puts `filter` in front of `cluster`.
    public static BtdCluster of(BtdCluster cluster, CallFilter filter) {
        Roots roots = proxy(
                Roots.class,
                (method, arguments) -> filter.around(
                        "roots." + method.getName(), arguments, () -> invoke(cluster.roots(), method, arguments)));
        return proxy(BtdCluster.class, (method, arguments) -> {
            Supplier<@Nullable Object> call = () -> invoke(cluster, method, arguments);
            return switch (method.getName()) {
                case "roots" -> roots;
                case "near", "on", "spread", "withDeadline" ->
                    of((BtdCluster) java.util.Objects.requireNonNull(call.get()), filter);
                default -> filter.around(method.getName(), arguments, call);
            };
        });
    }

    private interface Handler {
        @Nullable
        Object handle(Method method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> method.getDeclaringClass() == Object.class
                        ? objects(type, self, method, arguments)
                        : handler.handle(method, arguments == null ? new Object[0] : arguments)));
    }

    private static Object objects(Class<?> type, Object self, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "filtered " + type.getSimpleName();
        };
    }

    private static @Nullable Object invoke(Object target, Method method, Object[] arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
