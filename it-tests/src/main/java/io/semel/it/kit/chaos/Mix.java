package io.semel.it.kit.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * What may go wrong. Immutable.
 *
 * @param kinds of blows, in their order
 * @param apartMs between two blows at least
 * @param apartMoreMs and so much more at most
 * @param requests whether single requests and replies are lost, doubled and delayed too
 */
record Mix(List<Blow.Kind> kinds, long apartMs, long apartMoreMs, boolean requests) {
    private static final long APART_MS = 1_500;
    private static final long APART_MORE_MS = 4_000;

    Mix {
        kinds = List.copyOf(kinds);
    }

    /** @param ownBroker whether it may be killed and paused too */
    static Mix everything(boolean ownBroker) {
        List<Blow.Kind> kinds = new ArrayList<>();
        for (Blow.Kind kind : Blow.Kind.values()) if (ownBroker || !kind.needsProcess) kinds.add(kind);
        kinds.removeIf(Blow.Kind::cutsPower);
        return new Mix(kinds, APART_MS, APART_MORE_MS, true);
    }

    boolean cutsPower() {
        return kinds.stream().anyMatch(Blow.Kind::cutsPower);
    }

    /** These and nothing else. @param apartMs between two of them on average */
    static Mix only(List<Blow.Kind> kinds, long apartMs) {
        return new Mix(kinds, Math.max(1, apartMs / 2), Math.max(1, apartMs), false);
    }
}
