package io.semel.group.assign;

import java.util.SortedSet;
import java.util.UUID;

/**
 * A member as an assignor sees it. Immutable.
 *
 * @param instanceId null for a dynamic member
 * @param topics     what it subscribes to, of the topics that exist
 * @param before     its part of the assignment before, for assignors that keep what they can
 */
public record Subscriber(String memberId, String instanceId, SortedSet<UUID> topics, Assignment before) {
}
