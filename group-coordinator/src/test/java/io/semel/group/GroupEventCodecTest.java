package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.semel.group.GroupEvent.GroupRemoved;
import io.semel.group.GroupEvent.GroupStored;
import io.semel.group.GroupEvent.OffsetCommitted;
import io.semel.group.GroupEvent.OffsetRemoved;
import io.semel.group.GroupEvent.OffsetsDecided;
import io.semel.group.GroupEvent.StoredMember;
import io.semel.group.streams.StreamsEventCodec;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.topic.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.junit.jupiter.api.Test;

/** Against Apache Kafka's own classes, both ways. */
class GroupEventCodecTest {
    private static final TopicPartition PARTITION = new TopicPartition("flüge", 4);
    private static final BatchHeader PLAIN = RecordJournal.header(-1, (short) -1);

    private final GroupEventCodec codec = new GroupEventCodec();

    @Test
    void writesOffsetsAsKafkaReadsThem() {
        for (OffsetValue value : List.of(new OffsetValue(7, 3, "métadata", 1234, -1, null),
                new OffsetValue(8, -1, "", 99, 5_000, null),
                new OffsetValue(9, 2, "x".repeat(200), 1, -1, new UUID(5, 6)))) {
            OffsetCommitted event = new OffsetCommitted("grüppe", PARTITION, value, -1, (short) -1);

            ByteBuffer keyBytes = codec.key(event);
            ByteBuffer valueBytes = codec.value(event);

            assertEquals(1, keyBytes.getShort());
            OffsetCommitKey key = new OffsetCommitKey(new ByteBufferAccessor(keyBytes), (short) 1);
            short version = valueBytes.getShort();
            OffsetCommitValue read = new OffsetCommitValue(new ByteBufferAccessor(valueBytes), version);
            assertEquals(new OffsetCommitKey().setGroup("grüppe").setTopic("flüge").setPartition(4), key);
            assertEquals(kafkas(value), read);
            assertEquals(0, keyBytes.remaining() + valueBytes.remaining());
        }
    }

    @Test
    void readsOffsetsOfEveryVersionAsKafkaWritesThem() {
        OffsetCommitKey key = new OffsetCommitKey().setGroup("group").setTopic("flüge").setPartition(4);
        for (short version = 0; version <= 4; version++) {
            OffsetCommitValue value = new OffsetCommitValue().setOffset(77).setMetadata("noted")
                    .setCommitTimestamp(123);
            if (version >= 3) value.setLeaderEpoch(5);
            if (version == 1) value.setExpireTimestamp(456);
            if (version >= 4) value.setTopicId(new Uuid(1, 2));
            for (short keyVersion = 0; keyVersion <= 1; keyVersion++) {
                GroupEvent event = codec.decode(PLAIN, bytes(key, keyVersion), bytes(value, version));

                OffsetValue expected = new OffsetValue(77, version >= 3 ? 5 : -1, "noted", 123, version == 1
                        ? 456 : -1, version >= 4 ? new UUID(1, 2) : null);
                assertEquals(new OffsetCommitted("group", PARTITION, expected, -1, (short) -1), event);
            }
        }
    }

    @Test
    void knowsTheTransactionByTheBatch() {
        OffsetCommitted event = new OffsetCommitted("group", PARTITION,
                new OffsetValue(7, 3, "", 1, -1, null), 900, (short) 2);

        GroupEvent read = codec.decode(RecordJournal.header(900, (short) 2), codec.key(event),
                codec.value(event));

        assertEquals(event, read);
        assertEquals(900, codec.producerId(event));
        assertEquals(2, codec.producerEpoch(event));
        assertEquals(new OffsetsDecided(900, true), codec.marker(RecordJournal.header(900, (short) 3), true));
    }

    @Test
    void writesGroupsAsKafkaReadsThem() {
        for (GroupStored stored : List.of(stored(),
                new GroupStored("group", "consumer", 4, null, null, 12, List.of()))) {
            ByteBuffer keyBytes = codec.key(stored);
            ByteBuffer valueBytes = codec.value(stored);

            assertEquals(2, keyBytes.getShort());
            assertEquals("group", new GroupMetadataKey(new ByteBufferAccessor(keyBytes), (short) 2).group());
            assertEquals(3, valueBytes.getShort());
            assertEquals(kafkas(stored),
                    new GroupMetadataValue(new ByteBufferAccessor(valueBytes), (short) 3));
            assertEquals(0, keyBytes.remaining() + valueBytes.remaining());
        }
    }

    @Test
    void readsGroupsOfEveryVersionAsKafkaWritesThem() {
        for (short version = 0; version <= 4; version++) {
            GroupMetadataValue value = kafkas(stored());
            GroupStored read = (GroupStored) codec.decode(PLAIN,
                    bytes(new GroupMetadataKey().setGroup("group"), (short) 2), bytes(value, version));

            List<StoredMember> members = new ArrayList<>();
            for (StoredMember each : stored().members()) {
                members.add(new StoredMember(each.memberId(), version >= 3 ? each.instanceId() : null,
                        each.clientId(),
                        each.clientHost(), each.sessionTimeoutMs(), version >= 1 ? each.rebalanceTimeoutMs()
                        : each.sessionTimeoutMs(), each.subscription(), each.assignment()));
            }
            assertEquals(new GroupStored("group", "consumer", 4, "range", "a", version >= 2 ? 77 : -1,
                    members), read);
        }
    }

    @Test
    void writesWhatItReads() {
        for (GroupEvent event : List.of(stored(), new GroupRemoved("group"),
                new OffsetRemoved("group", PARTITION))) {
            assertEquals(event, codec.decode(PLAIN, codec.key(event), codec.value(event)));
        }
        assertNull(codec.value(new GroupRemoved("group")));
        assertNull(codec.value(new OffsetRemoved("group", PARTITION)));
    }

    @Test
    void skipsKindsOfRecordsItDoesNotKeep() {
        for (short kind = 3; kind <= 23; kind++) {
            boolean kept = ConsumerEventCodec.kindOf(kind) != null || StreamsEventCodec.kindOf(kind) != null;
            if (kept) continue;
            ByteBuffer key = ByteBuffer.allocate(8).putShort(kind).flip();

            assertNull(codec.decode(PLAIN, key, ByteBuffer.allocate(4)));
        }
        assertNull(codec.decode(PLAIN, null, null));
        assertNull(codec.decode(PLAIN, ByteBuffer.allocate(1), null));
    }

    @Test
    void doesNotGuessAtARecordThatEndsTooEarlyOrIsOfTheFuture() {
        ByteBuffer key = codec.key(stored());
        ByteBuffer whole = codec.value(stored());

        for (int size = 2; size < whole.limit(); size++) {
            ByteBuffer part = whole.duplicate().limit(size);
            assertThrows(IllegalArgumentException.class, () -> codec.decode(PLAIN, key.duplicate(), part));
        }
        ByteBuffer future = ByteBuffer.allocate(40).putShort((short) 5).position(0);
        assertThrows(IllegalArgumentException.class, () -> codec.decode(PLAIN, key.duplicate(), future));
    }

    @Test
    void leavesTheBuffersItReadsWhereTheyAre() {
        ByteBuffer key = codec.key(stored());
        ByteBuffer value = codec.value(stored());

        codec.decode(PLAIN, key, value);

        assertEquals(0, key.position());
        assertEquals(0, value.position());
        assertArrayEquals(new byte[]{1}, stored().members().get(1).subscription());
    }

    private static GroupStored stored() {
        StoredMember one = new StoredMember("a", "instance", "client", "/host", 10_000, 30_000, new byte[300],
                new byte[]{4, 5});
        StoredMember two = new StoredMember("b", null, "client", "/host", 11_000, 31_000, new byte[]{1},
                new byte[0]);
        return new GroupStored("group", "consumer", 4, "range", "a", 77, List.of(one, two));
    }

    private static OffsetCommitValue kafkas(OffsetValue value) {
        OffsetCommitValue kafkas = new OffsetCommitValue().setOffset(value.offset())
                .setLeaderEpoch(value.leaderEpoch())
                .setMetadata(value.metadata()).setCommitTimestamp(value.commitTimestampMs())
                .setExpireTimestamp(value.expireTimestampMs());
        UUID topicId = value.topicId();
        return topicId == null ? kafkas
                : kafkas.setTopicId(new Uuid(topicId.getMostSignificantBits(),
                topicId.getLeastSignificantBits()));
    }

    private static GroupMetadataValue kafkas(GroupStored stored) {
        List<GroupMetadataValue.MemberMetadata> members = new ArrayList<>();
        for (StoredMember each : stored.members()) {
            members.add(new GroupMetadataValue.MemberMetadata().setMemberId(each.memberId())
                    .setGroupInstanceId(each.instanceId())
                    .setClientId(each.clientId()).setClientHost(each.clientHost())
                    .setSessionTimeout(each.sessionTimeoutMs())
                    .setRebalanceTimeout(each.rebalanceTimeoutMs()).setSubscription(each.subscription())
                    .setAssignment(each.assignment()));
        }
        return new GroupMetadataValue().setProtocolType(stored.protocolType())
                .setGeneration(stored.generation())
                .setProtocol(stored.protocolName()).setLeader(stored.leaderId())
                .setCurrentStateTimestamp(stored.sinceMs())
                .setMembers(members);
    }

    private static ByteBuffer bytes(ApiMessage message, short version) {
        return MessageUtil.toVersionPrefixedByteBuffer(version, message);
    }
}
