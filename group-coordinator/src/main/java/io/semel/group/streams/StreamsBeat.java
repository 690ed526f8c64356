package io.semel.group.streams;

import io.semel.group.assign.TopicView;
import io.semel.group.streams.Topology.Setting;
import java.util.List;

/**
 * StreamsGroupHeartbeat (88): joins, reconciles and leaves (KIP-1071). What is null was not told. Immutable.
 *
 * @param epoch              0 joins, -1 leaves
 * @param endpointEpoch      which state of all endpoints the member knows
 * @param instanceId         refused when told, as in Kafka 4.3
 * @param rebalanceTimeoutMs -1 when not told
 * @param topology           told by whoever joins, and by nobody else
 * @param owned              what the member has; its roles are told together or not at all
 * @param partlyOwned        some roles were told and others not
 * @param offsetsTold        changelog offsets of tasks were told: refused, as in Kafka 4.3
 * @param shutsDown          the whole application is to stop
 * @param topics             the topics that exist
 */
public record StreamsBeat(String groupId, String memberId, int epoch, int endpointEpoch, String instanceId,
                          String rackId, int rebalanceTimeoutMs, Topology topology, Share owned,
                          boolean partlyOwned, String processId, Endpoint endpoint, List<Setting> tags,
                          boolean offsetsTold, boolean shutsDown, String clientId, String clientHost,
                          TopicView topics) {
    static final int JOINS = 0;
    static final int LEAVES = -1;
    static final int LEAVES_FOR_NOW = -2;

    /** The same from one who is in this epoch now, looked at with other topics. */
    public StreamsBeat again(int epochNow, TopicView topicsNow) {
        boolean joins = epoch == JOINS;
        return new StreamsBeat(groupId, memberId, joins ? epoch : epochNow, endpointEpoch, instanceId, rackId,
                rebalanceTimeoutMs, topology, owned, partlyOwned, processId, endpoint, tags, offsetsTold,
                shutsDown, clientId, clientHost, topicsNow);
    }
}
