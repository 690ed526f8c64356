package io.semel.group;

import java.util.Set;
import java.util.TreeSet;

/**
 * Reads which topics a group of consumers subscribes to, out of what its members tell their leader.
 * Stateless.
 */
final class Subscription {
    /** Kafka's protocol type for consumers: only its metadata can be read. */
    static final String CONSUMER = "consumer";

    private Subscription() {
    }

    /** The topics of all members, or null when that cannot be told. */
    static Set<String> topicsOf(ClassicGroup group) {
        if (!group.protocolType().equals(CONSUMER)) return null;
        Set<String> topics = new TreeSet<>();
        for (Member member : group.members()) {
            byte[] metadata = group.protocolName() == null ? null : member.metadata(group.protocolName());
            EmbeddedProtocol.Subscribed told = metadata == null ? null
                    : EmbeddedProtocol.subscribed(metadata);
            if (told == null) return null;
            topics.addAll(told.topics());
        }
        return topics;
    }

    /**
     * True for a topic whose offsets the group may need: when in doubt, all, for consumers; none for others.
     */
    static boolean covers(Set<String> topics, ClassicGroup group, String topic) {
        return topics == null ? group.protocolType().equals(CONSUMER) : topics.contains(topic);
    }
}
