package io.semel.group.streams;

import io.semel.group.streams.Topology.InternalTopic;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * To a heartbeat. Immutable.
 *
 * @param heartbeatIntervalMs 0 to one who leaves
 * @param assigned            what the member may have; null when it is the same as before
 * @param endpointEpoch       of what all processes told of themselves
 * @param endpoints           that, null when the member knows it
 * @param missing             internal topics for the asker to create
 */
public record StreamsAnswer(String memberId, int epoch, int heartbeatIntervalMs, List<StreamsStatus> statuses,
                            Share assigned, int endpointEpoch, List<EndpointTopics> endpoints,
                            List<InternalTopic> missing) {
    /** Which partitions can be asked for where, by topic. */
    public record EndpointTopics(Endpoint endpoint, SortedMap<String, SortedSet<Integer>> active,
                                 SortedMap<String, SortedSet<Integer>> standby) {
    }

    /** The same, and tasks that an answer before it told and nobody got. */
    public StreamsAnswer after(StreamsAnswer before) {
        return new StreamsAnswer(memberId, epoch, heartbeatIntervalMs, statuses,
                assigned == null ? before.assigned : assigned, endpointEpoch, endpoints, missing);
    }
}
