package io.semel.it.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was found once everything had healed and come to rest. */
final class Outcome {
    /** What was aborted may be gone. */
    final boolean compacted;
    final View committed = new View();
    final View uncommitted = new View();
    /** The group's offset by producer name; absent for none. */
    final Map<String, Long> offsets = new TreeMap<>();
    Outcome(boolean compacted) {
        this.compacted = compacted;
    }

    /** What readers saw on the way, by isolation. */
    final List<View> committedOnTheWay = new ArrayList<>();
    final List<View> uncommittedOnTheWay = new ArrayList<>();
}
