package io.semel.it.sim;

import io.semel.sim.Dice;

/**
 * Which group protocol the members of a story's group speak: one of the three, or each life of a member the
 * classic or the consumer protocol, so that the group changes between them while it lives.
 */
enum Speaks {
    CLASSIC,
    MODERN,
    BOTH,
    STREAMS;

    private static final int BOOKMARKS_PERCENT = 25;
    private static final int STREAMS_PERCENT = 25;

    static Speaks of(Dice dice, Dice streams) {
        if (streams.percent(STREAMS_PERCENT)) return STREAMS;
        return dice.percent(35) ? CLASSIC : dice.percent(55) ? MODERN : BOTH;
    }

    /** A member for one life of the client of that name. */
    Membership member(Clients clients, String name, Dice dice) {
        if (this == STREAMS) {
            return new StreamsMembership(clients, name, dice).equipped(null, BOOKMARKS_PERCENT);
        }
        if (this == CLASSIC && !clients.lingers) return new ClassicMembership(clients, name, dice);
        boolean modern = this == MODERN || this == BOTH && dice.percent(60);
        Membership member = modern ? new ModernMembership(clients, name, dice)
                : new ClassicMembership(clients, name, dice);
        boolean isStatic = clients.dice(name + " static").percent(35);
        return member.equipped(isStatic ? name : null, BOOKMARKS_PERCENT);
    }
}
