// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

import io.btd.api.GlobalPointer;
import picocli.CommandLine.ITypeConverter;

/// Reads a pointer as btd prints them. picocli's own exception would hide the typed one, so that is for
/// [Failure] to find as the cause.
final class PointerConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
        return GlobalPointer.parse(text);
    }
}
