package io.semel.group;

import io.semel.group.assign.Assignment;
import io.semel.group.assign.TopicFacts;
import io.semel.group.assign.TopicView;
import io.semel.group.base.RecordReader;
import io.semel.group.base.RecordWriter;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What consumers of the classic protocol tell each other through the coordinator: Kafka's
 * ConsumerProtocolSubscription and ConsumerProtocolAssignment, versions 0 to 3. Stateless.
 */
final class EmbeddedProtocol {
    private static final short OWNED_FROM = 1;
    private static final short GENERATION_FROM = 2;
    private static final short RACK_FROM = 3;
    private static final short VERSION_MAX = 3;

    private EmbeddedProtocol() {
    }

    /**
     * A subscription.
     *
     * @param owned    by topic name
     * @param rackId   null when not told
     * @param userData what an assignor of the client's own wants to know; empty for none
     */
    record Subscribed(SortedSet<String> topics, SortedMap<String, SortedSet<Integer>> owned, String rackId,
                      byte[] userData, short version) {
        /** What it says it has, of the topics that exist. */
        Assignment owned(TopicView topics) {
            return byId(owned, topics);
        }
    }

    /** Null when the bytes are no subscription. Some clients tell version 1 and leave out what it added. */
    static Subscribed subscribed(byte[] bytes) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            short version = version(buffer);
            RecordReader reader = new RecordReader(buffer, false);
            SortedSet<String> topics = new TreeSet<>();
            int count = reader.count();
            if (count < 0) return null;
            for (int left = count; left > 0; left--) topics.add(text(reader));
            byte[] userData = reader.bytes();
            SortedMap<String, SortedSet<Integer>> owned = version >= OWNED_FROM && reader.hasMore()
                    ? partitions(reader) : new TreeMap<>();
            if (version >= GENERATION_FROM) reader.int32();
            String rackId = version >= RACK_FROM ? reader.string() : null;
            return new Subscribed(topics, owned, rackId, userData, version);
        } catch (BufferUnderflowException malformed) {
            return null;
        }
    }

    /** What is assigned, of the topics that exist; null when the bytes are no assignment. */
    static Assignment assigned(byte[] bytes, TopicView topics) {
        if (bytes.length == 0) return Assignment.NONE;
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            version(buffer);
            return byId(partitions(new RecordReader(buffer, false)), topics);
        } catch (BufferUnderflowException malformed) {
            return null;
        }
    }

    /** An assignment in a version that the member can read; topics that are gone are left out. */
    static byte[] assignment(Assignment assigned, TopicView topics, short memberVersion) {
        SortedMap<String, SortedSet<Integer>> byName = new TreeMap<>();
        for (Map.Entry<UUID, SortedSet<Integer>> topic : assigned.partitions().entrySet()) {
            TopicFacts facts = topics.withId(topic.getKey());
            if (facts != null) byName.put(facts.name(), topic.getValue());
        }
        RecordWriter writer = new RecordWriter().int16(Math.min(memberVersion, VERSION_MAX))
                .int32(byName.size());
        byName.forEach((name, partitions) -> {
            writer.string(name).int32(partitions.size());
            partitions.forEach(writer::int32);
        });
        ByteBuffer bytes = writer.int32(-1).done();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    /** A version newer than ours begins like the newest of ours. */
    private static short version(ByteBuffer buffer) {
        short version = buffer.getShort();
        if (version < 0) throw new BufferUnderflowException();
        return (short) Math.min(version, VERSION_MAX);
    }

    private static SortedMap<String, SortedSet<Integer>> partitions(RecordReader reader) {
        SortedMap<String, SortedSet<Integer>> byName = new TreeMap<>();
        for (int left = reader.count(); left > 0; left--) {
            SortedSet<Integer> partitions = byName.computeIfAbsent(text(reader), name -> new TreeSet<>());
            for (int each = reader.count(); each > 0; each--) partitions.add(reader.int32());
        }
        return byName;
    }

    private static String text(RecordReader reader) {
        String text = reader.string();
        if (text == null) throw new BufferUnderflowException();
        return text;
    }

    private static Assignment byId(SortedMap<String, SortedSet<Integer>> byName, TopicView topics) {
        Assignment.Draft draft = new Assignment.Draft();
        byName.forEach((name, partitions) -> {
            TopicFacts facts = topics.named(name);
            if (facts == null) return;
            for (int partition : partitions) {
                if (partition >= 0 && partition < facts.partitions()) draft.add(facts.id(), partition);
            }
        });
        return draft.done();
    }
}
