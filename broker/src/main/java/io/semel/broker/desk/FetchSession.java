package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;

/**
 * What a client fetches again and again (KIP-227): its requests then name only what has changed, and
 * answers only
 * what is news. Belongs to a connection and ends with it; owned by the connection's home lane.
 */
final class FetchSession {
    /** A partition by what the client calls its topic; the other of the two is empty. */
    private record Key(String topic, Uuid topicId, int partition) {
    }

    /** A partition of a session and what its client was last told of it. */
    static final class Kept {
        private FetchPartition asked;
        private long highWatermark = -1;
        private long stableOffset = -1;
        private long logStartOffset = -1;

        /**
         * Whether the answer says anything that the client was not told before; it counts as told from now
         * on.
         */
        boolean isNews(PartitionData answer) {
            boolean changed = highWatermark != answer.highWatermark()
                    || stableOffset != answer.lastStableOffset() || logStartOffset != answer.logStartOffset();
            highWatermark = answer.highWatermark();
            stableOffset = answer.lastStableOffset();
            logStartOffset = answer.logStartOffset();
            return changed || answer.errorCode() != ErrorCode.NONE.code()
                    || answer.records() != null && answer.records().sizeInBytes() > 0;
        }
    }

    /**
     * A partition that is to be read.
     *
     * @param group partitions of one group stand together in the answer
     * @param kept  null outside of a session
     */
    record Wanted(String topic, Uuid topicId, FetchPartition partition, Object group, Kept kept) {
    }

    private final int id;
    private final boolean byId;
    private final Map<Key, Kept> partitions = new LinkedHashMap<>();
    private int epoch = 1;

    FetchSession(int id, boolean byId) {
        this.id = id;
        this.byId = byId;
    }

    int id() {
        return id;
    }

    boolean isEmpty() {
        return partitions.isEmpty();
    }

    /** Why this is not the session's next request, or NONE. */
    ErrorCode judge(FetchRequestData request, boolean requestById) {
        if (request.sessionEpoch() != epoch) return ErrorCode.INVALID_FETCH_SESSION_EPOCH;
        return requestById == byId ? ErrorCode.NONE : ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR;
    }

    /** The next request is this one plus one; from the last number back to 1, since 0 opens a session. */
    void next() {
        epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    /** Takes in what a request adds, changes and forgets. */
    void update(FetchRequestData request) {
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition asked : topic.partitions()) {
                partitions.computeIfAbsent(new Key(topic.topic(), topic.topicId(), asked.partition()),
                        key -> new Kept()).asked = asked;
            }
        }
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            for (int partition : topic.partitions()) {
                partitions.remove(new Key(topic.topic(), topic.topicId(), partition));
            }
        }
    }

    List<Wanted> wanted() {
        List<Wanted> wanted = new ArrayList<>();
        partitions.forEach((key, kept) -> wanted.add(new Wanted(key.topic, key.topicId, kept.asked,
                byId ? key.topicId : key.topic, kept)));
        return wanted;
    }

    /** A partition whose records were sent stands behind the others, so that all get their turn. */
    void served(Wanted wanted) {
        Key key = new Key(wanted.topic, wanted.topicId, wanted.partition.partition());
        Kept kept = partitions.remove(key);
        if (kept != null) partitions.put(key, kept);
    }

    /** Outside of a session: what this request names, and nothing else. */
    static List<Wanted> wantedBy(FetchRequestData request) {
        List<Wanted> wanted = new ArrayList<>();
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition asked : topic.partitions()) {
                wanted.add(new Wanted(topic.topic(), topic.topicId(), asked, topic, null));
            }
        }
        return wanted;
    }
}
