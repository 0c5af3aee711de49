// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.report;

/// The name of a word of an arena.
///
/// @param place of which part it is: the words of one part have names that make up a range
/// @param field which of its words, or an empty string
public record Field(String place, String field) {
    @Override
    public String toString() {
        return field.isEmpty() ? place : place + " " + field;
    }
}
