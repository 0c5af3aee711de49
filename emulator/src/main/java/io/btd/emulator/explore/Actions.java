// SPDX-License-Identifier: Apache-2.0
package io.btd.emulator.explore;

/// From a step to what it does.
final class Actions {
    private Actions() {}

    /// Does a step; says whether it applied.
    static boolean perform(Session session, Step step) {
        int variants = step.operation().variants();
        int variant = step.argument() % variants;
        int place = step.argument() / variants;
        return switch (step.operation()) {
            case SMALL -> BlockActions.small(session, variant);
            case LARGE -> BlockActions.large(session, variant);
            case FILL -> BlockActions.fill(session);
            case DRAIN -> BlockActions.drain(session);
            case FREE -> BlockActions.free(session, place);
            case GROW -> BlockActions.grow(session, place);
            case PUT -> PointerActions.put(session, variant, place, false);
            case PUT_NEW -> PointerActions.put(session, variant, place, true);
            case REMOVE -> PointerActions.remove(session, variant);
            case ONCE -> PointerActions.once(session, variant, place);
            case LINK -> PointerActions.link(session, place);
            case UNLINK -> PointerActions.unlink(session, place);
            case REPLACE -> PointerActions.replace(session, variant, place);
            case COPY -> ContentActions.copy(session, variant, place);
            case MOVE -> ContentActions.move(session, variant, place);
            case WRITE -> ContentActions.write(session, variant, place);
            case CAS ->
                variant == 0 ? ContentActions.compareAndSet(session, place) : PointerActions.swing(session, place);
            case ADD -> ContentActions.add(session, place);
            case SWAP -> ContentActions.swap(session, place);
            case LAYOUT -> BlockActions.layout(session);
            case SESSION -> SessionActions.open(session);
            case END -> SessionActions.end(session, place);
            case EXPORT -> SessionActions.export(session, place);
            case LIMBO -> SessionActions.unallocate(session, place);
            case HOME -> SessionActions.bringHome(session);
            case DECLARE -> SessionActions.declare(session, place);
            case DECIDE -> SessionActions.decide(session);
            case REOPEN, CRASH -> throw new IllegalArgumentException("not an action: step=" + step);
        };
    }
}
