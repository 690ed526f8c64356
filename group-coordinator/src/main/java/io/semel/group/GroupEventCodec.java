package io.semel.group;

import io.semel.group.GroupEvent.GroupRemoved;
import io.semel.group.GroupEvent.GroupStored;
import io.semel.group.GroupEvent.OfStreams;
import io.semel.group.GroupEvent.OffsetCommitted;
import io.semel.group.GroupEvent.OffsetRemoved;
import io.semel.group.GroupEvent.OffsetsDecided;
import io.semel.group.GroupEvent.StoredMember;
import io.semel.group.base.RecordReader;
import io.semel.group.base.RecordWriter;
import io.semel.group.streams.StreamsEvent;
import io.semel.group.streams.StreamsEventCodec;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.EventCodec;
import io.semel.wire.topic.TopicPartition;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * The room's durable events as Kafka's records of {@code __consumer_offsets}: OffsetCommit (key 1, values 0
 * to 4), GroupMetadata (key 2, values 0 to 4), and those of {@link ConsumerEventCodec} and
 * {@link StreamsEventCodec}. Written are
 * offset values 3, 4 when a topic id is known, 1 when they expire at a moment of their own, and group
 * values 3. Any thread.
 */
public final class GroupEventCodec implements EventCodec<GroupEvent> {
    private static final short OFFSET_KEY = 1;
    private static final short GROUP_KEY = 2;
    private static final short VALUE_MAX = 4;
    private static final short FLEXIBLE = 4;
    private static final short GROUP_VALUE = 3;
    private static final int TOPIC_ID_TAG = 0;

    private final StreamsEventCodec streams = new StreamsEventCodec();

    @Override
    public ByteBuffer key(GroupEvent event) {
        if (event instanceof OfStreams of) return streams.key((StreamsEvent.Durable) of.event());
        if (event instanceof ConsumerEvent.Durable durable) return ConsumerEventCodec.key(durable);
        if (event instanceof OffsetCommitted committed) {
            return offsetKey(committed.groupId(), committed.partition());
        }
        if (event instanceof OffsetRemoved removed) return offsetKey(removed.groupId(), removed.partition());
        if (event instanceof GroupStored stored) return groupKey(stored.groupId());
        if (event instanceof GroupRemoved removed) return groupKey(removed.groupId());
        throw new IllegalArgumentException("not a record: " + event);
    }

    @Override
    public ByteBuffer value(GroupEvent event) {
        if (event instanceof OfStreams of) return streams.value((StreamsEvent.Durable) of.event());
        if (event instanceof ConsumerEvent.Durable durable) return ConsumerEventCodec.value(durable);
        if (event instanceof OffsetCommitted committed) return offsetValue(committed.value());
        if (event instanceof GroupStored stored) return groupValue(stored);
        return null;
    }

    /**
     * @throws IllegalArgumentException for a record of a kind we know that cannot be read: the journal is not
     * ours to guess
     */
    @Override
    public GroupEvent decode(BatchHeader batch, ByteBuffer key, ByteBuffer value) {
        if (key == null || key.remaining() < Short.BYTES) return null;
        RecordReader keyReader = new RecordReader(key, false);
        short kind = keyReader.int16();
        ConsumerEvent.Kind consumers = ConsumerEventCodec.kindOf(kind);
        StreamsEvent.Kind streamed = StreamsEventCodec.kindOf(kind);
        if (consumers == null && streamed == null && (kind < 0 || kind > GROUP_KEY)) return null;
        try {
            if (consumers != null) return ConsumerEventCodec.decode(consumers, keyReader, value);
            if (streamed != null) return new OfStreams(streams.decode(streamed, keyReader, value));
            return kind == GROUP_KEY ? decodeGroup(keyReader, value) : decodeOffset(batch, keyReader, value);
        } catch (BufferUnderflowException malformed) {
            throw new IllegalArgumentException("record of kind " + kind
                    + " of __consumer_offsets ends too early", malformed);
        }
    }

    @Override
    public GroupEvent marker(BatchHeader batch, boolean commit) {
        return new OffsetsDecided(batch.producerId(), commit);
    }

    @Override
    public long producerId(GroupEvent event) {
        return event instanceof OffsetCommitted committed ? committed.producerId() : -1;
    }

    @Override
    public short producerEpoch(GroupEvent event) {
        return event instanceof OffsetCommitted committed ? committed.producerEpoch() : -1;
    }

    // Offsets

    private static ByteBuffer offsetKey(String groupId, TopicPartition partition) {
        return new RecordWriter().int16(OFFSET_KEY).string(groupId).string(partition.topic())
                .int32(partition.partition()).done();
    }

    private static ByteBuffer offsetValue(OffsetValue value) {
        boolean expires = value.expireTimestampMs() >= 0;
        if (value.topicId() != null && !expires) return offsetValueWithTopicId(value);
        RecordWriter writer = new RecordWriter().int16(expires ? 1 : 3).int64(value.offset());
        if (!expires) writer.int32(value.leaderEpoch());
        writer.string(value.metadata()).int64(value.commitTimestampMs());
        if (expires) writer.int64(value.expireTimestampMs());
        return writer.done();
    }

    private static ByteBuffer offsetValueWithTopicId(OffsetValue value) {
        RecordWriter writer = new RecordWriter().int16(FLEXIBLE).int64(value.offset())
                .int32(value.leaderEpoch());
        writer.compactString(value.metadata()).int64(value.commitTimestampMs());
        writer.varint(1).varint(TOPIC_ID_TAG).varint(2 * Long.BYTES);
        writer.int64(value.topicId().getMostSignificantBits())
                .int64(value.topicId().getLeastSignificantBits());
        return writer.done();
    }

    private static GroupEvent decodeOffset(BatchHeader batch, RecordReader key, ByteBuffer bytes) {
        String groupId = key.string();
        TopicPartition partition = new TopicPartition(key.string(), key.int32());
        if (bytes == null) return new OffsetRemoved(groupId, partition);
        short version = version(bytes);
        RecordReader value = new RecordReader(bytes, version >= FLEXIBLE);
        value.int16();
        long offset = value.int64();
        int leaderEpoch = version >= 3 ? value.int32() : -1;
        String metadata = Objects.requireNonNullElse(value.string(), "");
        long commitTimestampMs = value.int64();
        long expireTimestampMs = version == 1 ? value.int64() : -1;
        UUID topicId = version >= FLEXIBLE ? topicId(value) : null;
        boolean transactional = batch.isTransactional();
        return new OffsetCommitted(groupId, partition,
                new OffsetValue(offset, leaderEpoch, metadata, commitTimestampMs, expireTimestampMs, topicId),
                transactional ? batch.producerId() : -1, transactional ? batch.producerEpoch() : -1);
    }

    private static UUID topicId(RecordReader value) {
        UUID topicId = null;
        for (int left = value.varint(); left > 0; left--) {
            int tag = value.varint();
            int size = value.varint();
            if (tag == TOPIC_ID_TAG) topicId = new UUID(value.int64(), value.int64());
            else value.skip(size);
        }
        return topicId;
    }

    // Groups

    private static ByteBuffer groupKey(String groupId) {
        return new RecordWriter().int16(GROUP_KEY).string(groupId).done();
    }

    private static ByteBuffer groupValue(GroupStored stored) {
        RecordWriter writer = new RecordWriter().int16(GROUP_VALUE).string(stored.protocolType())
                .int32(stored.generation());
        writer.string(stored.protocolName()).string(stored.leaderId()).int64(stored.sinceMs())
                .int32(stored.members().size());
        for (StoredMember member : stored.members()) {
            writer.string(member.memberId()).string(member.instanceId()).string(member.clientId())
                    .string(member.clientHost());
            writer.int32(member.rebalanceTimeoutMs()).int32(member.sessionTimeoutMs());
            writer.bytes(member.subscription()).bytes(member.assignment());
        }
        return writer.done();
    }

    private static GroupEvent decodeGroup(RecordReader key, ByteBuffer bytes) {
        String groupId = key.string();
        if (bytes == null) return new GroupRemoved(groupId);
        short version = version(bytes);
        RecordReader value = new RecordReader(bytes, version >= FLEXIBLE);
        value.int16();
        String protocolType = value.string();
        int generation = value.int32();
        String protocolName = value.string();
        String leaderId = value.string();
        long sinceMs = version >= 2 ? value.int64() : -1;
        int count = value.count();
        List<StoredMember> members = new ArrayList<>();
        for (int index = 0; index < count; index++) members.add(decodeMember(value, version));
        return new GroupStored(groupId, protocolType, generation, protocolName, leaderId, sinceMs,
                List.copyOf(members));
    }

    private static StoredMember decodeMember(RecordReader value, short version) {
        String memberId = value.string();
        String instanceId = version >= 3 ? value.string() : null;
        String clientId = value.string();
        String clientHost = value.string();
        int rebalanceTimeoutMs = version >= 1 ? value.int32() : -1;
        int sessionTimeoutMs = value.int32();
        byte[] subscription = value.bytes();
        byte[] assignment = value.bytes();
        if (version >= FLEXIBLE) value.skipTags();
        return new StoredMember(memberId, instanceId, clientId, clientHost, sessionTimeoutMs,
                rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs, subscription, assignment);
    }

    private static short version(ByteBuffer value) {
        short version = value.getShort(value.position());
        if (version < 0 || version > VALUE_MAX) {
            throw new IllegalArgumentException("record value of unknown version " + version);
        }
        return version;
    }
}
