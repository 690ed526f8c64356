package io.semel.group.assign;

import java.util.List;
import java.util.SortedMap;
import java.util.UUID;

/** Shares the partitions of topics among those who subscribe to them. Stateless; any lane. */
public interface Assignor {
    /** As clients name it: {@code group.remote.assignor}. */
    String name();

    /**
     * Every partition of a topic that somebody subscribes to has exactly one owner, who does.
     *
     * @param members         by member id
     * @param partitionCounts of every topic that a member subscribes to
     * @return what each member is to own, an empty assignment for nothing; by member id
     */
    SortedMap<String, Assignment> assign(List<Subscriber> members, SortedMap<UUID, Integer> partitionCounts);
}
