// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

/// One operation of a script.
///
/// @param argument chooses the variant and what it is done to; 0 or more
/// @param elsewhere whether the program's second thread does it, while the first waits
record Step(Operation operation, int argument, boolean elsewhere) {
    private static final String ELSEWHERE = "~";

    static Step parse(String text) {
        boolean elsewhere = text.startsWith(ELSEWHERE);
        String[] parts = text.substring(elsewhere ? 1 : 0).split(":", 2);
        for (Operation operation : Operation.values()) {
            if (operation.text().equals(parts[0])) {
                int argument = parts.length == 1 ? 0 : Integer.parseUnsignedInt(parts[1]);
                return new Step(operation, argument, elsewhere);
            }
        }
        throw new IllegalArgumentException("unknown operation: text=" + text);
    }

    @Override
    public String toString() {
        return (elsewhere ? ELSEWHERE : "") + operation.text() + ":" + argument;
    }
}
