package io.semel.group;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
            if (metadata == null || !addTopics(topics, ByteBuffer.wrap(metadata))) return null;
        }
        return topics;
    }

    /**
     * True for a topic whose offsets the group may need: when in doubt, all, for consumers; none for others.
     */
    static boolean covers(Set<String> topics, ClassicGroup group, String topic) {
        return topics == null ? group.protocolType().equals(CONSUMER) : topics.contains(topic);
    }

    private static boolean addTopics(Set<String> topics, ByteBuffer subscription) {
        try {
            subscription.getShort();
            int count = subscription.getInt();
            for (int index = 0; index < count; index++) {
                int size = subscription.getShort();
                if (size < 0 || size > subscription.remaining()) return false;
                byte[] name = new byte[size];
                subscription.get(name);
                topics.add(new String(name, StandardCharsets.UTF_8));
            }
            return count >= 0;
        } catch (BufferUnderflowException malformed) {
            return false;
        }
    }
}
