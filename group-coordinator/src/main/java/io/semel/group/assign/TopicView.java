package io.semel.group.assign;

import java.util.SortedSet;
import java.util.UUID;

/**
 * The topics that exist, at one moment: a command brings the view it is to be decided with. Views of one
 * moment are equal, and of two are not, so that a group knows whether it has looked already. Immutable; any
 * lane.
 */
public interface TopicView {
    /** Null when there is none of that name. */
    TopicFacts named(String topic);

    /** Null when there is none of that id. */
    TopicFacts withId(UUID id);

    /**
     * The topics whose whole name the expression matches, internal ones excepted; the same for the same view.
     * Null when it is no expression, or would cost more than it may.
     */
    SortedSet<String> matching(String expression);
}
