package io.semel.group;

import io.semel.group.GroupEvent.ClassicEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of a group in which a decision sees where its own events lead: one event may bring about the next.
 * The group itself is untouched until the events evolve. Owned by the decision that makes it.
 */
final class Draft {
    private final ClassicGroup group;
    private final List<GroupEvent> events = new ArrayList<>();

    /** @param group null for a group that is not there yet */
    Draft(String groupId, ClassicGroup group) {
        this.group = group == null ? new ClassicGroup(groupId) : group.copy();
    }

    /** @param before what makes room for the group: the end of another under its id */
    Draft(String groupId, ClassicGroup group, List<? extends GroupEvent> before) {
        this(groupId, group);
        events.addAll(before);
    }

    ClassicGroup group() {
        return group;
    }

    void add(ClassicEvent event) {
        event.foldInto(group);
        events.add(event);
    }

    List<GroupEvent> events() {
        return events;
    }
}
