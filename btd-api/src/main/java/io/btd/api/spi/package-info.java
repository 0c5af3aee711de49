// SPDX-License-Identifier: Apache-2.0

/// How an implementation of the cluster interface is found: by [java.util.ServiceLoader].
@NullMarked
package io.btd.api.spi;

import org.jspecify.annotations.NullMarked;
