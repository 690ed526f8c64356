package io.semel.group.assign;

import java.util.UUID;

/** A topic as a group needs to know it. Immutable. */
public record TopicFacts(String name, UUID id, int partitions) {
}
