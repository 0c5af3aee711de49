// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

/// One operation of a script.
///
/// @param argument chooses the variant and what it is done to; 0 or more
record Step(Operation operation, int argument) {

    static Step parse(String text) {
        String[] parts = text.split(":", 2);
        for (Operation operation : Operation.values()) {
            if (operation.text().equals(parts[0])) {
                return new Step(operation, parts.length == 1 ? 0 : Integer.parseUnsignedInt(parts[1]));
            }
        }
        throw new IllegalArgumentException("unknown operation: text=" + text);
    }

    @Override
    public String toString() {
        return operation.text() + ":" + argument;
    }
}
