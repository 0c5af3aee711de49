// SPDX-License-Identifier: Apache-2.0
package io.btd.cli;

/// Text of unknown origin (names, messages) for one line of a terminal.
final class OneLine {

    private OneLine() {}

    /// `text` with control characters written out.
    static String of(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                line.append("\\n");
            } else if (Character.isISOControl(c)) {
                line.append("\\u%04x".formatted(c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }
}
