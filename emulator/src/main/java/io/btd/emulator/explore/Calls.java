// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

/// The steps of scripts in the words of the interface, for reports.
final class Calls {
    private Calls() {}

    /// The call a step makes; empty for what is no step, such as `format`.
    static String of(String title) {
        Step step;
        try {
            step = Step.parse(title);
        } catch (IllegalArgumentException noStep) {
            return "";
        }
        return of(step.operation()) + (step.elsewhere() ? ", by thread 1" : "");
    }

    private static String of(Operation operation) {
        return switch (operation) {
            case SMALL -> "malloc and write, of a size class";
            case LARGE -> "malloc and write, of pages";
            case FILL -> "malloc until full";
            case DRAIN -> "free of what filled the arena";
            case FREE -> "free";
            case GROW -> "realloc";
            case PUT -> "roots().put";
            case PUT_NEW -> "roots().putIfAbsent";
            case REMOVE -> "roots().remove";
            case ONCE -> "roots().setSlotOnce";
            case LINK -> "publish";
            case UNLINK -> "putPointer of null";
            case REPLACE -> "unlinkAndFree";
            case COPY -> "memcpy of bytes";
            case MOVE -> "memcpy of blocks";
            case WRITE -> "write, PERSISTENT";
            case CAS -> "compareAndSet";
            case ADD -> "getAndAdd";
            case SWAP -> "getAndSet";
            case SESSION -> "a session opens";
            case END -> "a session ends";
            case DECLARE -> "a session declares a block";
            case DECIDE -> "what was not declared goes";
            default -> "";
        };
    }
}
